import type { Manifest, Mark } from '../../protocol/run';
import type { RunRow } from '../../protocol/runsApi';
import { bytesOf } from '../../runs/folderSize';
import { readNotes, type RunNotes } from '../../runs/notes';
import type { ListedRun } from '../../runs/registry';
import { RunDirectory } from '../../runs/runDirectory';
import { readSummary, summaryOf, type RunSummary } from '../../runs/summary';
import { modelLabel } from '../modelFiles/runProblems';
import type { OpenRun } from '../training/openRun';
import { changedValues } from './changedValues';

/** What of a run lies in its directory besides the manifest. */
interface OnDisk { readonly notes: RunNotes; readonly marks: readonly Mark[]; readonly summary: RunSummary; readonly bytes: number }

/** Rows of the table of all runs. What ended runs have on disk is read once, until it is forgotten. */
export class RunRows {
  readonly #onDisk = new Map<string, Promise<OnDisk>>();

  forget(id: string): void { this.#onDisk.delete(id); }

  /** `opened` gives a run that this window follows: its history is newer than its files. */
  async of(listed: readonly ListedRun[], opened: (id: string) => OpenRun | undefined): Promise<RunRow[]> {
    const found = await Promise.all(listed.map(async ({ dir, manifest, live }) => {
      const run = opened(manifest.id);
      const disk = await this.#read(dir, manifest, live && !run);
      const history = run && (run.live || run.snapshot.history.tracks.train.length > 0) ? { marks: run.snapshot.marks, summary: summaryOf(run.snapshot.history.tracks, { marks: run.snapshot.marks, changes: manifest.changes }) } : disk;
      return { manifest, live, disk, ...history };
    }));
    const ofModel = new Map<string, typeof found>();
    for (const run of found) {
      const key = `${run.manifest.modelFile}#${run.manifest.modelName}`;
      ofModel.set(key, [...ofModel.get(key) ?? [], run]);
    }
    const changed = new Map([...ofModel.values()].flatMap((runs) => changedValues(runs).map((values, i) => [runs[i]?.manifest.id, values] as const)));
    return found.map(({ manifest, live, disk: { notes, bytes }, summary }): RunRow => ({
      id: manifest.id, model: modelLabel(manifest), file: manifest.modelFile, pinned: notes.pinned ?? false, live, state: manifest.state, createdAt: manifest.createdAt, changed: changed.get(manifest.id) ?? [],
      lastStep: manifest.lastStep, engine: manifest.engine, device: manifest.device, bytes, ...(notes.label === undefined ? {} : { label: notes.label }), ...(manifest.lastLoss === undefined ? {} : { lastLoss: manifest.lastLoss }), ...summary,
    }));
  }

  #read(dir: string, { id, changes }: Manifest, isMoving: boolean): Promise<OnDisk> {
    if (isMoving) this.forget(id); // what is read of it now is kept for nobody
    const known = this.#onDisk.get(id);
    if (known) return known;
    const marked = new RunDirectory(dir).readMarks();
    const read = Promise.all([readNotes(dir), marked, marked.then((marks) => readSummary(dir, { marks, changes })), bytesOf(dir)]).then(([notes, marks, summary, bytes]) => ({ notes, marks, summary, bytes }));
    if (!isMoving) this.#onDisk.set(id, read);
    return read;
  }
}

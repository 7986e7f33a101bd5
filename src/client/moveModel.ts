import { claimRun, findHost, listRuns, registerRun, type ListedRun } from '../runs/registry';
import { movedFile, movedModel } from '../runs/movedModel';
import { RunDirectory } from '../runs/runDirectory';
import { connectRun } from './hosts';

/** Tells every run of this user whose model file, or a folder above it, became `to`; `failed` is told of runs that could not be. */
export async function moveModels(from: string, to: string, failed: (run: ListedRun, error: unknown) => void): Promise<void> {
  const runs = (await listRuns()).filter(({ manifest, newer }) => newer !== true && movedFile(manifest.modelFile, from, to) !== undefined);
  await Promise.all(runs.map((run) => moveModel(run, from, to).catch((error: unknown) => { failed(run, error); })));
}

/** The run's one writer does it: its host where there is one, else this process. */
async function moveModel({ dir, manifest: { id } }: ListedRun, from: string, to: string): Promise<void> {
  if (await findHost(id)) {
    const connection = await connectRun(id);
    try { await connection.api.request('moveModel', { from, to }); } finally { connection.close(); }
  } else {
    const unclaim = await claimRun(id);
    try {
      const directory = new RunDirectory(dir);
      const moved = movedModel(await directory.readManifest(), from, to);
      if (moved) await directory.writeManifest(moved);
    } finally { await unclaim(); }
  }
  await registerRun(id, dir); // other windows look again
}

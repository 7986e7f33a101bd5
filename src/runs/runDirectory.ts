import { appendFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { InOrder } from '../files/inOrder';
import type { RunImages, Snapshot } from '../protocol/hostApi';
import { markSchema, metricPointSchema, type Manifest, type Mark, type MetricPoint } from '../protocol/run';
import { ASIDE, writeAtomically } from './atomicFile';
import { Checkpoints } from './checkpoints';
import { readLines, sampleLines } from './lines';
import { parseManifest, readableManifest } from './manifest';
import { Moments } from './moments';
import { readStripPng, stripPng } from './pictures';

const [METRICS, MARKS] = ['metrics.jsonl', 'events.jsonl'] as const;
const pictureKinds = ['originals', 'reconstructions', 'samples'] as const;
const pictureStepSchema = z.object({ step: z.number().int(), height: z.number().int().positive() });

/** `.vae-lab/runs/<id>/`: the truth about a run. One process writes; anybody reads. */
export class RunDirectory {
  readonly #manifests = new InOrder();
  readonly #images = new InOrder();
  #linesTail: Promise<void> = Promise.resolve();
  #broken: unknown;
  readonly checkpoints: Checkpoints;
  constructor(readonly dir: string) {
    this.checkpoints = new Checkpoints(path.join(dir, 'checkpoints'));
  }

  /** Why lines could not be written (disk full, file system read-only); none are from then on. */
  get broken(): unknown { return this.#broken; }

  /** @throws the file system's error when it cannot be made. */
  static async create(dir: string): Promise<RunDirectory> {
    await mkdir(path.join(dir, 'checkpoints'), { recursive: true });
    const top = path.dirname(path.dirname(dir));
    if (path.basename(top) === '.vae-lab') await writeFile(path.join(top, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
    return new RunDirectory(dir);
  }

  /** Writes follow one another in the order of the calls: the last one told is the one that stays. */
  writeManifest(manifest: Manifest): Promise<void> {
    return this.#manifests.do(() => writeAtomically(path.join(this.dir, 'run.json'), `${JSON.stringify(manifest, null, 1)}\n`));
  }
  /** @throws NewerRunError; anything else where there is none, or it is not understood */
  async readManifest(): Promise<Manifest> { return parseManifest(await this.#manifestText()); }
  #manifestText(): Promise<string> { return readFile(path.join(this.dir, 'run.json'), 'utf8'); }

  appendMetrics(points: readonly MetricPoint[]): void {
    this.#append(METRICS, points);
  }
  appendMark(mark: Mark): void {
    this.#append(MARKS, [mark]);
  }
  /** Forgets metrics, marks, pictures, evaluations and checkpoints. */
  async clear(): Promise<void> {
    await (this.#linesTail = this.#linesTail.then(() => Promise.all([METRICS, MARKS, 'images', 'moments', 'evaluations', 'checkpoints', 'diverged'].map((name) => rm(path.join(this.dir, name), { recursive: true, force: true })))).then(() => undefined));
    await mkdir(path.join(this.dir, 'checkpoints'), { recursive: true });
  }
  readMetrics(): Promise<MetricPoint[]> { return readLines(path.join(this.dir, METRICS), metricPointSchema); }
  readMarks(): Promise<Mark[]> { return readLines(path.join(this.dir, MARKS), markSchema); }

  /** Lines written up to now are on the disk. @throws what made that impossible */
  async syncLines(): Promise<void> {
    await this.#linesTail;
    if (this.#broken !== undefined) throw this.#broken;
    for (const name of [METRICS, MARKS]) {
      const handle = await open(path.join(this.dir, name), 'r+').catch(() => undefined); // Windows syncs only what may be written
      try {
        await handle?.sync();
      } finally {
        await handle?.close();
      }
    }
  }
  /** Takes what was written after a step's end out of the metrics, and what a killed process left half written. */
  async rewind(step: number): Promise<MetricPoint[]> {
    const metrics = path.join(this.dir, METRICS);
    await open(metrics, 'a').then((handle) => handle.close()); // what cannot be opened must not pass for empty
    const kept = (await this.readMetrics()).filter((point) => point.step <= step);
    await writeAtomically(metrics, linesOf(kept));
    await this.checkpoints.forgetAfter(step);
    await new Moments(this.dir).forgetAfter(step);
    for (const folder of [this.dir, path.join(this.dir, 'checkpoints'), path.join(this.dir, 'images')]) {
      for (const name of await readdir(folder).catch(() => [])) if (ASIDE.test(name)) await rm(path.join(folder, name), { force: true });
    }
    return kept;
  }
  rewriteMarks(marks: readonly Mark[]): void { this.#queue(() => writeAtomically(path.join(this.dir, MARKS), linesOf(marks))); }

  /** The newest pictures, one PNG a kind; the step is written last, so that half a set is never read. */
  writeImages({ step, ...strips }: RunImages): Promise<void> {
    const folder = path.join(this.dir, 'images');
    return this.#images.do(async () => {
      await mkdir(folder, { recursive: true });
      for (const kind of pictureKinds) await writeAtomically(path.join(folder, `${kind}.png`), stripPng(strips[kind]));
      await writeAtomically(path.join(folder, 'step.json'), JSON.stringify({ step, height: strips.samples.height }));
    });
  }
  async readImages(): Promise<RunImages | undefined> {
    try {
      const folder = path.join(this.dir, 'images');
      const { step, height } = pictureStepSchema.parse(JSON.parse(await readFile(path.join(folder, 'step.json'), 'utf8')));
      const [originals, reconstructions, samples] = await Promise.all(pictureKinds.map(async (kind) => readStripPng(await readFile(path.join(folder, `${kind}.png`)), height)));
      return originals && reconstructions && samples && { step, originals, reconstructions, samples };
    } catch { return undefined; }
  }

  /** Everything a panel shows of a run, without a host; of one of a later version, what is understood. @throws when run.json is missing or not a manifest. */
  readSnapshot(): Promise<Snapshot> { return this.#snapshotWith(() => this.readMetrics()); }
  /** The same with `most` of its points, which a long run has in a small part of the time; undefined where it is short. @throws as `readSnapshot` */
  async readGlimpse(most: number): Promise<Snapshot | undefined> {
    const metrics = await sampleLines(path.join(this.dir, METRICS), metricPointSchema, most);
    return metrics && this.#snapshotWith(() => Promise.resolve(metrics));
  }
  async #snapshotWith(points: () => Promise<MetricPoint[]>): Promise<Snapshot> {
    const [text, metrics, marks, images, moments, checkpoints] = await Promise.all([this.#manifestText(), points(), this.readMarks(), this.readImages(), new Moments(this.dir).list(), this.checkpoints.steps()]);
    const { manifest } = readableManifest(text);
    return { manifest, metrics, marks, moments, checkpoints, ...(images ? { images } : {}) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#manifests.settled(), this.#images.settled(), this.#linesTail]);
  }

  #append(file: string, lines: readonly object[]): void { this.#queue(() => appendFile(path.join(this.dir, file), linesOf(lines))); }
  #queue(work: () => Promise<void>): void {
    this.#linesTail = this.#linesTail.then(() => (this.#broken === undefined ? work() : undefined)).catch((error: unknown) => { this.#broken = error; });
  }
}

const linesOf = (lines: readonly object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

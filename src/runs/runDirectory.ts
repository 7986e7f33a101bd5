import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { RunImages, Snapshot } from '../protocol/hostApi';
import { manifestSchema, markSchema, metricPointSchema, type Manifest, type Mark, type MetricPoint } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { readStripPng, stripPng } from './pictures';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors';

/** A checkpoint: tensors, and the training loop's own state as JSON. */
export interface Checkpoint { readonly step: number; readonly tensors: readonly StoredTensor[]; readonly trainer: string }

const pictureKinds = ['originals', 'reconstructions', 'samples'] as const;
const pictureStepSchema = z.object({ step: z.number().int(), height: z.number().int().positive() });

/** `.vae-lab/runs/<id>/`: the truth about a run. One process writes; anybody reads. */
export class RunDirectory {
  #manifestTail: Promise<void> = Promise.resolve();
  #linesTail: Promise<void> = Promise.resolve();
  #broken: unknown;
  constructor(readonly dir: string) {}

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
    const written = this.#manifestTail.then(() => writeAtomically(path.join(this.dir, 'run.json'), `${JSON.stringify(manifest, null, 1)}\n`));
    this.#manifestTail = written.catch(() => undefined);
    return written;
  }
  async readManifest(): Promise<Manifest> {
    return manifestSchema.parse(JSON.parse(await readFile(path.join(this.dir, 'run.json'), 'utf8')));
  }

  appendMetrics(points: readonly MetricPoint[]): void {
    this.#append('metrics.jsonl', points);
  }
  appendMark(mark: Mark): void {
    this.#append('events.jsonl', [mark]);
  }
  /** Forgets metrics, marks, pictures and checkpoints. */
  async clear(): Promise<void> {
    await (this.#linesTail = this.#linesTail.then(() => Promise.all(['metrics.jsonl', 'events.jsonl', 'images', 'checkpoints'].map((name) => rm(path.join(this.dir, name), { recursive: true, force: true })))).then(() => undefined));
    await mkdir(path.join(this.dir, 'checkpoints'), { recursive: true });
  }
  /** Takes what was written after a step's end out of the metrics. */
  async rewind(step: number): Promise<MetricPoint[]> {
    await this.#linesTail;
    const kept = (await this.readMetrics()).filter((point) => point.step <= step);
    await writeAtomically(path.join(this.dir, 'metrics.jsonl'), kept.map((point) => `${JSON.stringify(point)}\n`).join(''));
    return kept;
  }
  readMetrics(): Promise<MetricPoint[]> { return readLines(path.join(this.dir, 'metrics.jsonl'), (line) => metricPointSchema.parse(line)); }
  readMarks(): Promise<Mark[]> { return readLines(path.join(this.dir, 'events.jsonl'), (line) => markSchema.parse(line)); }

  /** Keeps the last two. */
  async writeCheckpoint({ step, tensors, trainer }: Checkpoint): Promise<void> {
    await writeAtomically(path.join(this.dir, 'checkpoints', `step-${step}.safetensors`), encodeSafetensors(tensors, { step: String(step), trainer }));
    for (const old of (await this.#checkpointSteps()).slice(2)) await rm(path.join(this.dir, 'checkpoints', `step-${old}.safetensors`), { force: true });
  }
  /** The newest that can be read whole. */
  async readCheckpoint(): Promise<Checkpoint | undefined> {
    for (const step of await this.#checkpointSteps()) {
      try {
        const { tensors, metadata } = decodeSafetensors(await readFile(path.join(this.dir, 'checkpoints', `step-${step}.safetensors`)));
        return { step, tensors, trainer: metadata['trainer'] ?? '{}' };
      } catch { /* damaged: the one before serves */ }
    }
    return undefined;
  }
  async #checkpointSteps(): Promise<number[]> {
    const names = await readdir(path.join(this.dir, 'checkpoints')).catch(() => []);
    return names.flatMap((name) => { const step = /^step-(\d+)\.safetensors$/.exec(name)?.[1]; return step === undefined ? [] : [Number(step)]; }).sort((a, b) => b - a);
  }

  /** The newest pictures, one PNG a kind; the step is written last, so that half a set is never read. */
  async writeImages({ step, ...strips }: RunImages): Promise<void> {
    const folder = path.join(this.dir, 'images');
    await mkdir(folder, { recursive: true });
    for (const kind of pictureKinds) await writeAtomically(path.join(folder, `${kind}.png`), stripPng(strips[kind]));
    await writeAtomically(path.join(folder, 'step.json'), JSON.stringify({ step, height: strips.samples.height }));
  }
  async readImages(): Promise<RunImages | undefined> {
    try {
      const folder = path.join(this.dir, 'images');
      const { step, height } = pictureStepSchema.parse(JSON.parse(await readFile(path.join(folder, 'step.json'), 'utf8')));
      const [originals, reconstructions, samples] = await Promise.all(pictureKinds.map(async (kind) => readStripPng(await readFile(path.join(folder, `${kind}.png`)), height)));
      return originals && reconstructions && samples && { step, originals, reconstructions, samples };
    } catch { return undefined; }
  }

  /** Everything a panel shows of a run, without a host. @throws when run.json is missing or not a manifest. */
  async readSnapshot(): Promise<Snapshot> {
    const [manifest, metrics, marks, images] = await Promise.all([this.readManifest(), this.readMetrics(), this.readMarks(), this.readImages()]);
    return { manifest, metrics, marks, ...(images ? { images } : {}) };
  }

  async close(): Promise<void> {
    await Promise.all([this.#manifestTail, this.#linesTail]);
  }

  #append(file: string, lines: readonly object[]): void {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.#linesTail = this.#linesTail.then(() => (this.#broken === undefined ? appendFile(path.join(this.dir, file), text) : undefined)).catch((error: unknown) => { this.#broken = error; });
  }
}

/** Lines of JSON; the last may be torn by a crash and is then left out. */
async function readLines<T>(file: string, parse: (line: unknown) => T): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try { return [parse(JSON.parse(line))]; } catch { return []; }
  });
}

import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { part } from '../protocol/images';
import { momentSchema, type Moment, type MomentPictures } from '../protocol/moments';
import { gridPng, readStripPng, stripPng } from './pictures';

/** In a sentence. */
export class DamagedMomentError extends Error {}

const INDEX = 'index.jsonl';
/** What is the same at each step, besides the originals' picture. */
const examplesSchema = z.object({ height: z.number().int().positive(), shown: z.number().int().nonnegative(), latentDim: z.number().int().positive(), labels: z.array(z.number().int()).optional() });

/**
 * What a run looked like at some of its steps, `moments/` in its directory: one PNG a step (reconstructions above samples), the posterior means as little-endian
 * 32-bit floats, and an index to which a line is added when a step's files are whole. Pictures to look at, so nothing is synced to the disk. One process writes; anybody reads.
 */
export class Moments {
  readonly #folder: string;
  constructor(dir: string) { this.#folder = path.join(dir, 'moments'); }

  async write(moment: Moment, { originals, reconstructions, samples, means, latentDim, labels }: Omit<MomentPictures, 'step'>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const examples: z.infer<typeof examplesSchema> = { height: originals.height, shown: reconstructions.count, latentDim, ...(labels ? { labels: [...labels] } : {}) };
    await Promise.all([
      this.#once('originals.png', stripPng(originals)), this.#once('examples.json', JSON.stringify(examples)),
      writeFile(this.#file(moment.step, 'png'), gridPng([reconstructions, samples], 1)),
      writeFile(this.#file(moment.step, 'f32'), new Uint8Array(means.buffer, means.byteOffset, means.byteLength)),
    ]);
    await appendFile(path.join(this.#folder, INDEX), `${JSON.stringify(moment)}\n`);
  }

  /** In the order of their steps; of a step that was recorded twice, as after a run went on from a checkpoint, the later one. Lines that are not whole are left out. */
  async list(): Promise<Moment[]> {
    const text = await readFile(path.join(this.#folder, INDEX), 'utf8').catch(() => '');
    const found = new Map<number, Moment>();
    for (const line of text.split('\n')) {
      try {
        const moment = momentSchema.parse(JSON.parse(line));
        found.set(moment.step, moment);
      } catch { /* torn by a crash, or the end */ }
    }
    return [...found.values()].sort((a, b) => a.step - b.step);
  }

  /** @throws DamagedMomentError where something of it is missing or damaged */
  async read(step: number): Promise<MomentPictures> {
    try {
      const [examples, originals, pictures, floats] = await Promise.all([
        readFile(path.join(this.#folder, 'examples.json'), 'utf8'), readFile(path.join(this.#folder, 'originals.png')), readFile(this.#file(step, 'png')), readFile(this.#file(step, 'f32'))]);
      const { height, shown, latentDim, labels } = examplesSchema.parse(JSON.parse(examples));
      const strip = readStripPng(pictures, height);
      if (shown > strip.count || floats.length % (4 * latentDim) !== 0) throw new Error('cut short');
      return {
        step, originals: readStripPng(originals, height), reconstructions: part(strip, 0, shown), samples: part(strip, shown, strip.count),
        means: new Float32Array(Uint8Array.from(floats).buffer), latentDim, ...(labels ? { labels } : {}),
      };
    } catch {
      throw new DamagedMomentError(`What was recorded at step ${step} is missing or damaged.`);
    }
  }

  /** Forgets what was recorded after a step. */
  async forgetAfter(step: number): Promise<void> {
    const all = await this.list();
    if (!all.some((moment) => moment.step > step)) return;
    await writeFile(path.join(this.#folder, INDEX), all.filter((moment) => moment.step <= step).map((moment) => `${JSON.stringify(moment)}\n`).join(''));
    for (const name of await readdir(this.#folder)) if (Number(/^step-(\d+)\./.exec(name)?.[1] ?? 0) > step) await rm(path.join(this.#folder, name), { force: true });
  }

  #file(step: number, ending: string): string { return path.join(this.#folder, `step-${step}.${ending}`); }
  async #once(name: string, content: string | Uint8Array): Promise<void> {
    await writeFile(path.join(this.#folder, name), content, { flag: 'wx' }).catch((error: unknown) => { if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error; });
  }
}

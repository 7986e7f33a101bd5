import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluationSchema, type Evaluation, type Pairs } from '../protocol/evaluation';
import { part } from '../protocol/images';
import { writeAtomically } from './atomicFile';
import { gridPng, readStripPng } from './pictures';

/** The evaluations that a run keeps, `evaluations/<id>.json` in its directory each; the pictures of samples beside the nearest training images in `<id>.png`. */
export class RunEvaluations {
  readonly #folder: string;
  constructor(dir: string) { this.#folder = path.join(dir, 'evaluations'); }

  async save(evaluation: Evaluation, pairs?: Pairs): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    if (pairs) await writeAtomically(path.join(this.#folder, `${evaluation.id}.png`), gridPng([pairs.samples, pairs.nearest], 1));
    await writeAtomically(path.join(this.#folder, `${evaluation.id}.json`), `${JSON.stringify(evaluation, null, 1)}\n`);
  }

  /** Oldest first, with the pictures of the last. What is damaged, or of a later version, is left out. */
  async read(): Promise<{ evaluations: Evaluation[]; pairs?: Pairs }> {
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
    const evaluations = (await Promise.all(names.map(async (name): Promise<Evaluation[]> => {
      try { return [evaluationSchema.parse(JSON.parse(await readFile(path.join(this.#folder, name), 'utf8')))]; } catch { return []; }
    }))).flat();
    const pairs = await this.#pairsOf(evaluations.at(-1));
    return { evaluations, ...(pairs ? { pairs } : {}) };
  }

  async #pairsOf(evaluation: Evaluation | undefined): Promise<Pairs | undefined> {
    const count = evaluation?.pairs?.length;
    if (!evaluation || count === undefined || count === 0) return undefined;
    try {
      const bytes = await readFile(path.join(this.#folder, `${evaluation.id}.png`));
      const height = bytes.readUInt32BE(PNG_HEIGHT) / (2 * count);
      if (!Number.isInteger(height)) return undefined;
      const both = readStripPng(bytes, height);
      return { samples: part(both, 0, count), nearest: part(both, count, both.count) };
    } catch { return undefined; }
  }
}
/** Where a PNG tells its height. */
const PNG_HEIGHT = 20;

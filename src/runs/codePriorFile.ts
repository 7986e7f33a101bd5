import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { learnedPriorSchema, type LearnedPrior } from '../protocol/run';
import { writeAtomically } from './atomicFile';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors';

/** A prior over the codes of a run, and the SHA-256 of the weights whose codes it was learned of. */
export interface StoredCodePrior { readonly of: string; readonly learned: LearnedPrior; readonly tensors: readonly StoredTensor[] }

/** `codePrior.safetensors` of a run's folder. */
export class CodePriorFile {
  readonly #file: string;
  constructor(dir: string) { this.#file = path.join(dir, 'codePrior.safetensors'); }

  async write({ of, learned, tensors }: StoredCodePrior): Promise<void> { await writeAtomically(this.#file, encodeSafetensors(tensors, { of, learned: JSON.stringify(learned) })); }
  /** Undefined where there is none that can be read whole: it can be learned again. */
  async read(): Promise<StoredCodePrior | undefined> {
    try {
      const { tensors, metadata: { of = '', learned = '' } } = decodeSafetensors(await readFile(this.#file));
      return { of, learned: learnedPriorSchema.parse(JSON.parse(learned)), tensors };
    } catch { return undefined; }
  }
}

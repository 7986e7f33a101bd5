import os from 'node:os';
import type { VaeModel } from '../../vae/model';
import { EngineError } from './engine';

/** Copies of the codebook, and of the distances of a batch's vectors from it, that a step holds at once. */
const COPIES = 3;

/** @throws EngineError where the machine's memory cannot hold a VQ-VAE's codebook and a batch's distances from it */
export function checkCodebookMemory({ objective, latentDim, training: { batchSize } }: Pick<VaeModel, 'objective' | 'latentDim' | 'training'>, memory = os.totalmem()): void {
  if (objective.kind !== 'vectorQuantization') return;
  const { codes, codeDim } = objective;
  const bytes = Float32Array.BYTES_PER_ELEMENT * COPIES * codes * (codeDim + batchSize * latentDim / codeDim);
  const gigabytes = (of: number): string => (of / 2 ** 30).toFixed(1);
  if (bytes > memory) throw new EngineError(`A codebook of ${codes} codes takes ${gigabytes(bytes)} GB in a step with batch size ${batchSize}, and this machine has ${gigabytes(memory)} GB. Take fewer codes or a smaller batch.`);
}

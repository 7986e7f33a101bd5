import { RunningMean } from './runningMean';
import { batchesOf, type Subject } from './subject';

/** The posterior means of all examples, [count, latentDim], as the decoder is given them. */
export async function codesOf(subject: Subject): Promise<Float32Array> {
  const { program, model: { latentDim }, exclusive, count } = subject;
  const codes = new Float32Array(count * latentDim);
  for (const { from, batch } of batchesOf(subject)) codes.set((await exclusive(() => program.encode(batch))).mean, from * latentDim);
  return codes;
}

/** A unit whose mean varies less than this over the data says nothing of x (Burda et al. 2016, section 5.2). */
export const ACTIVE_ABOVE = 0.01;
/** The variance over the rows of [n, size] of each column. */
export function variancesOf(codes: Float32Array, size: number): number[] {
  const columns = Array.from({ length: size }, () => new RunningMean());
  codes.forEach((value, i) => { columns[i % size]?.add(value); });
  return columns.map(({ variance }) => variance);
}
/** How many latent dimensions are in use. */
export const activeUnits = (codes: Float32Array, size: number): number => variancesOf(codes, size).filter((variance) => variance > ACTIVE_ABOVE).length;

import { randomOf } from '../datasets/split';
import { GRIDS_A_CALL, type CodePrior } from './codePrior';

const STREAM = 73;

/** A code of its logits by a uniform number in [0, 1). */
export function codeAt(logits: Float32Array, uniform: number): number {
  const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const masses = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  let left = uniform * masses.reduce((a, b) => a + b, 0);
  const found = masses.findIndex((mass) => (left -= mass) < 0);
  return found < 0 ? masses.length - 1 : found; // rounding
}

/** Draws grids place by place (ancestral sampling): [count, places]. The same seed gives the same, and fewer of it the first of them. */
export async function drawGrids(prior: CodePrior, count: number, seed: number, exclusive: <T>(work: () => Promise<T>) => Promise<T>): Promise<Float32Array> {
  const { places, grid: { codes } } = prior;
  const drawn = new Float32Array(count * places);
  for (let from = 0; from < count; from += GRIDS_A_CALL) {
    const some = Math.min(GRIDS_A_CALL, count - from);
    const random = Array.from({ length: some }, (_, i) => randomOf(seed, STREAM, from + i));
    const calls = some <= 16 ? 16 : GRIDS_A_CALL;
    const indices = new Float32Array(calls * places);
    for (let place = 0; place < places; place++) {
      await exclusive(async () => {
        const logits = await prior.logits(indices, calls, place);
        random.forEach((of, i) => { indices[i * places + place] = codeAt(logits.subarray(i * codes, (i + 1) * codes), of.uniform()); });
      });
    }
    drawn.set(indices.subarray(0, some * places), from * places);
  }
  return drawn;
}

import { hyperparametersOf, telling } from '../../vae/hyperparameters';
import type { VaeModel } from '../../vae/model';
import { samplesOf } from '../../vae/objectives/index';
import { Random } from '../training/random';
import type { Batch, DataFacts, ImageShape, NamedTensor, Program } from './engine';
import { sizeOf } from './sizeOf';

/** Draws of images and noise on which gradients are compared; their median counts, since a ReLU's input may lie so near 0 that rounding decides. */
const DRAWS = 3;
const EXAMPLES = 4;
/** Of the largest gradient: float rounding leaves about 1e-6, a wrong gradient a tenth and more. */
export const GATE_TOLERANCE = 1e-3;
/** A tensor whose true gradient is 0, such as a bias before a normalization, is judged by the whole model's size. */
const LEAST_SCALE = 1e-2;
const STREAM = 11;

export interface GateVerdict {
  readonly passed: boolean;
  /** Median over the draws of the worst difference, relative to the largest gradient of its tensor. */
  readonly error: number;
  readonly oracle: string;
}

/** The largest |a - b|, or |a|; infinite where there is a NaN. */
function largest(a: Float32Array, b?: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs((a[i] ?? NaN) - (b ? b[i] ?? NaN : 0));
    if (!(size <= most)) most = Number.isNaN(size) ? Infinity : size;
  }
  return most;
}

/** The worst of all weights: max |a - b| / max |b|. A gradient that is missing on one side is infinitely wrong. */
export function gradientError(given: readonly NamedTensor[], wanted: readonly NamedTensor[]): number {
  const least = LEAST_SCALE * Math.max(0, ...wanted.map(({ data }) => largest(data)));
  const byName = new Map(given.map((tensor) => [tensor.name, tensor.data]));
  if (byName.size !== wanted.length) return Infinity;
  return Math.max(0, ...wanted.map(({ name, data }) => {
    const own = byName.get(name);
    if (own?.length !== data.length) return Infinity;
    const scale = Math.max(largest(data), least);
    return scale === 0 ? (largest(own) === 0 ? 0 : Infinity) : largest(data, own) / scale;
  }));
}

/** Compares a program's gradients with an oracle's, from the same weights, images and noise. Leaves the program as it was. */
export async function gradientGate(program: Program, oracle: { readonly name: string; readonly program: Program }, model: VaeModel, imageShape: ImageShape, data?: DataFacts): Promise<GateVerdict> {
  const state = await program.getState();
  const random = new Random(1, STREAM);
  const errors: number[] = [];
  await oracle.program.setState(state); // batch-norm averages move from draw to draw, which no gradient in training sees
  for (let draw = 0; draw < DRAWS; draw++) {
    const classes = data?.classes;
    const batch: Batch = {
      count: EXAMPLES, data: Float32Array.from({ length: EXAMPLES * sizeOf(imageShape) }, () => random.uniform()),
      ...(classes === undefined ? {} : { labels: Int32Array.from({ length: EXAMPLES }, (_, i) => i % classes) }),
    };
    const noise = random.normals(EXAMPLES * samplesOf(model.objective) * model.latentDim);
    const values = telling(hyperparametersOf(model));
    const wanted = await oracle.program.gradients(batch, noise, values);
    errors.push(gradientError(await program.gradients(batch, noise, values), wanted));
  }
  await program.setState(state);
  const error = errors.sort((a, b) => a - b)[Math.floor(DRAWS / 2)] ?? Infinity;
  return { passed: error <= GATE_TOLERANCE, error, oracle: oracle.name };
}

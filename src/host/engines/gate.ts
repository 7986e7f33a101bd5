import type { HyperparameterValues } from '../../spec/hyperparameters';
import { hyperparametersOf, telling } from '../../vae/hyperparameters';
import type { VaeModel } from '../../vae/model';
import { samplesOf } from '../../vae/objectives/index';
import { Random } from '../training/random';
import type { Batch, DataFacts, ImageShape, NamedTensor, Program } from './engine';
import { sizeOf } from './sizeOf';

/**
 * Draws of images and noise on which gradients are compared, of which so many have to agree. Among eighty thousand inputs of ReLUs one draw in forty has one so near 0 that rounding
 * decides its sign, and then one gradient is as right as the other (docs/engines.md); in larger models more have, and a median of a few draws would refuse them. A wrong gradient agrees in none.
 */
const DRAWS = 7;
const AGREEING = 2;
const EXAMPLES = 4;
/** Of the largest gradient: float rounding leaves about 1e-6, a wrong gradient a tenth and more. */
export const GATE_TOLERANCE = 1e-3;
/** A tensor whose true gradient is 0, such as a bias before a normalization, is judged by the whole model's size. */
const LEAST_SCALE = 1e-2;
const STREAM = 11;

/** Nothing can be told of a model's gradients; no engine is to blame. */
export class IncomparableError extends Error {}
export interface GateVerdict {
  readonly passed: boolean;
  /** The worst difference of the draw that decides, relative to the largest gradient of its tensor. */
  readonly error: number;
  readonly oracle: string;
}
/** What a gradient is computed from, besides the weights. */
export interface Draw { readonly batch: Batch; readonly noise: Float32Array; readonly hyperparameters: HyperparameterValues }

/** The same for the same model, in every process. */
export function gateDraws(model: VaeModel, imageShape: ImageShape, data?: DataFacts): Draw[] {
  const random = new Random(1, STREAM);
  const classes = data?.classes;
  return Array.from({ length: DRAWS }, () => ({
    batch: {
      count: EXAMPLES, data: Float32Array.from({ length: EXAMPLES * sizeOf(imageShape) }, () => random.uniform()),
      ...(classes === undefined ? {} : { labels: Int32Array.from({ length: EXAMPLES }, (_, i) => i % classes) }),
    },
    noise: random.normals(EXAMPLES * samplesOf(model.objective) * model.latentDim), hyperparameters: telling(hyperparametersOf(model)),
  }));
}
export const drawnGradients = (program: Pick<Program, 'gradients'>, { batch, noise, hyperparameters }: Draw): Promise<NamedTensor[]> => program.gradients(batch, noise, hyperparameters);

/** The largest |a - b|, or |a|; infinite where there is a NaN. */
function largest(a: Float32Array, b?: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const size = Math.abs((a[i] ?? NaN) - (b ? b[i] ?? NaN : 0));
    if (!(size <= most)) most = Number.isNaN(size) ? Infinity : size;
  }
  return most;
}

/** The worst of all weights: max |a - b| / max |b|. A gradient that is missing on one side is infinitely wrong; NaN where those wanted are not finite: nothing equals them. */
export function gradientError(given: readonly NamedTensor[], wanted: readonly NamedTensor[]): number {
  if (wanted.some(({ data }) => largest(data) === Infinity)) return NaN;
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

/** Whether more draws would change nothing. */
export const isDecided = (errors: readonly number[]): boolean => errors.filter((error) => error <= GATE_TOLERANCE).length >= AGREEING;

/** Of the errors of the draws that could be compared. @throws IncomparableError where none could */
export function judge(errors: readonly number[], oracle: string): GateVerdict {
  if (errors.length === 0) throw new IncomparableError('The gradients are not finite on images of noise, so there is nothing to compare.');
  const decides = [...errors].sort((a, b) => a - b)[Math.min(AGREEING, errors.length) - 1] ?? Infinity;
  return { passed: decides <= GATE_TOLERANCE, error: Math.min(decides, Number.MAX_VALUE), oracle }; // JSON has no infinity
}

/** Compares a program's gradients with an oracle's, from the same weights, images and noise. Leaves the program as it was. */
export async function gradientGate(program: Program, oracle: { readonly name: string; readonly program: Program }, model: VaeModel, imageShape: ImageShape, data?: DataFacts): Promise<GateVerdict> {
  const state = await program.getState();
  const errors: number[] = [];
  await oracle.program.setState(state);
  for (const draw of gateDraws(model, imageShape, data)) {
    const error = gradientError(await drawnGradients(program, draw), await drawnGradients(oracle.program, draw));
    if (!Number.isNaN(error)) errors.push(error);
  }
  await program.setState(state);
  return judge(errors, oracle.name);
}

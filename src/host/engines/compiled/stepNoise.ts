import assert from 'node:assert';
import { Random } from '../../training/random';
import { onBackend } from '../backends';
import { freeingTensors } from '../freeingTensors';
import { seedOf, withSeededMath } from '../seededMath';
import type { FillNoise } from './executable';
import { baseValues, type NoiseInput } from './trace/index';

const STREAM = 13;
const TRUNCATED_AT = 2;

/** Noise of a step's own, such as dropout's: follows from the noise that the step is given, so that a resumed run draws the same. */
export function fillFrom(noise: Float32Array): FillNoise {
  let random: Random | undefined;
  return ({ kind, scale, shift }, into) => {
    random ??= new Random(seedOf(noise), STREAM);
    for (let i = 0; i < into.length; i++) {
      let value = kind === 'uniform' ? random.uniform() : random.normal();
      while (kind === 'truncatedNormal' && Math.abs(value) > TRUNCATED_AT) value = random.normal();
      into[i] = scale * value + shift;
    }
  };
}

/** The very noise that TensorFlow.js draws for such a step when it runs eagerly: slow, to compare the two. */
export async function fillAsEager(inputs: readonly NoiseInput[], noise: Float32Array): Promise<FillNoise> {
  const drawn = await onBackend('cpu', () => withSeededMath(seedOf(noise), () => inputs.map((input) => freeingTensors(() => Float32Array.from(baseValues(input.kind, [...input.shape], Math.random()).dataSync())))));
  const byName = new Map(inputs.map(({ name }, i) => [name, drawn[i]]));
  return ({ name, scale, shift }, into) => { byName.get(name)?.forEach((value, i) => { into[i] = scale * value + shift; }); };
}

/** For graphs of a model that are looked at, not trained: what it draws itself is the same each time. */
export const viewNoise = (): FillNoise => fillFrom(new Float32Array(1));
/** For graphs that draw nothing. */
export const noNoise: FillNoise = ({ name }) => { assert.fail(`a graph without noise draws "${name}"`); };

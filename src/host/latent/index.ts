import { Random } from '../training/random';

/** `count` draws from N(0, I): [count, latentDim]. Same seed, same draws. */
export function priorSamples(count: number, latentDim: number, seed: number): Float32Array {
  return new Random(seed, 11).normals(count * latentDim);
}
/** `count` uniform draws in [0, 1), for priors that choose. */
export function priorChoices(count: number, seed: number): Float32Array {
  const random = new Random(seed, 12);
  return Float32Array.from({ length: count }, () => random.uniform());
}

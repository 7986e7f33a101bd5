import { Random } from '../training/random';

/** `count` draws from N(0, I): [count, latentDim]. Same seed, same draws. */
export function priorSamples(count: number, latentDim: number, seed: number): Float32Array {
  return new Random(seed, 11).normals(count * latentDim);
}

import { Random } from '../training/random';

/** `steps` points on the straight line from a to b, ends included: [steps, latentDim]. */
export function interpolationPath(a: Float32Array, b: Float32Array, steps: number): Float32Array {
  const path = new Float32Array(steps * a.length);
  for (let s = 0; s < steps; s++) {
    const t = steps === 1 ? 0 : s / (steps - 1);
    a.forEach((value, d) => { path[s * a.length + d] = (1 - t) * value + t * (b[d] ?? 0); });
  }
  return path;
}

/** `count` draws from N(0, I): [count, latentDim]. Same seed, same draws. */
export function priorSamples(count: number, latentDim: number, seed: number): Float32Array {
  return new Random(seed, 11).normals(count * latentDim);
}
/** `count` uniform draws in [0, 1), for priors that choose. */
export function priorChoices(count: number, seed: number): Float32Array {
  const random = new Random(seed, 12);
  return Float32Array.from({ length: count }, () => random.uniform());
}

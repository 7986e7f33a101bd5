import { Random } from '../training/random';

/** A seed for a step's own randomness, dropout's, that follows from the noise it is given. */
export const seedOf = (noise: Float32Array): number => new Uint32Array(Float32Array.of(noise[0] ?? 0).buffer)[0] ?? 0;

/**
 * Runs synchronous work with `Math.random` drawing from a seed. TensorFlow.js seeds its initializers and its dropout
 * from `Math.random`, so this is what makes them follow the run's seed.
 */
export function withSeededMath<T>(seed: number, work: () => T): T {
  const original = Math.random;
  const random = new Random(seed, 7);
  Math.random = () => random.uniform();
  try {
    return work();
  } finally {
    Math.random = original;
  }
}

/** The same over asynchronous work, while nothing else should draw. */
export async function withSeededMathWhile<T>(seed: number, work: () => Promise<T>): Promise<T> {
  const original = Math.random;
  const random = new Random(seed, 7);
  Math.random = () => random.uniform();
  try {
    return await work();
  } finally {
    Math.random = original;
  }
}

import type { AdamDescription, AdamWDescription } from '../../../vae/optimizers';

/** How much too large 1 - beta becomes in single precision. */
const inSingle = (beta: number): number => (1 - Math.fround(beta)) / (1 - beta);

/** What ResourceApplyAdam is given as learning rate and epsilon at the `update`th update, counted from 1: see `ResourceAdam`. */
export function adamScalars({ beta1, beta2, epsilon }: AdamDescription | AdamWDescription, learningRate: number, update: number): { rate: number; epsilon: number } {
  const second = Math.sqrt((1 - beta2 ** update) * inSingle(beta2));
  return { rate: learningRate * second / ((1 - beta1 ** update) * inSingle(beta1)), epsilon: epsilon * second };
}

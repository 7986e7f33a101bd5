import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { adam, adamw, rmsprop, sgd, type OptimizerDescription } from '../../../src/vae/index';

const rows = z.array(z.array(z.number()));
/** What PyTorch's optimizers made of fixed gradients: weights after 20 updates, and the gradients' norm before each, before clipping. */
export const pytorch = z.object({
  weights: rows, gradients: z.array(rows), runs: z.record(z.string(), z.object({ weights: rows, clip: z.number().optional(), norms: z.array(z.number()) })),
}).parse(JSON.parse(readFileSync('test/fixtures/optimizers.json', 'utf8')));

/** Ours, under the names of PyTorch's runs. */
export const descriptions: Record<string, OptimizerDescription> = {
  'adam': adam(), 'adam, other numbers': adam({ learningRate: 3e-2, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }), 'adam, clipped': adam({ learningRate: 1e-2 }),
  'adamw': adamw({ learningRate: 1e-2, weightDecay: 0.1 }), 'adamw, clipped': adamw({ learningRate: 1e-2, weightDecay: 0.1 }),
  'rmsprop': rmsprop(), 'rmsprop, clipped': rmsprop(), 'sgd': sgd({ learningRate: 1e-2 }),
  'momentum': sgd({ learningRate: 1e-2, momentum: 0.9 }), 'momentum, clipped': sgd({ learningRate: 1e-2, momentum: 0.9 }), 'nesterov': sgd({ learningRate: 1e-2, momentum: 0.9, nesterov: true }),
};

/** The largest |a - b|; NaN where one is missing. */
export const furthest = (a: Iterable<number>, b: readonly number[]): number => Math.max(...[...a].map((value, i) => Math.abs(value - (b[i] ?? NaN))));

import * as tf from '@tensorflow/tfjs';
import { onBackend } from '../backends';
import type { NonFinite } from '../engine';
import { isMissingKernel } from '../network';
import { firstNonFinite } from '../nonFinite';
import { numbersOf } from '../numbersOf';
import { seedOf, withSeededMath } from '../seededMath';
import type { VaeNetwork } from '../vaeNetwork';

/** `wasm` computes a loss in a fraction of the time, but lacks operations that `cpu` has. */
const backends = ['wasm', 'cpu'] as const;

/** Computes the loss of a compiled step eagerly, from the weights in `values`, to find where it stopped being finite; undefined where, computed so, it is finite. */
export async function lossEagerly(network: VaeNetwork, values: ReadonlyMap<string, Float32Array>, noise: Float32Array, loss: () => tf.Tensor): Promise<NonFinite | undefined> {
  for (const backend of backends) {
    try {
      const found = await onBackend(backend, () => withSeededMath(seedOf(noise), () => numbersOf(() => {
        for (const { name, variable } of network.weights) variable.assign(tf.tensor(Float32Array.from(values.get(name) ?? []), variable.shape));
        return firstNonFinite(network.weights, loss);
      })));
      if (found) return found;
    } catch (error) {
      if (!isMissingKernel(error)) throw error;
    }
  }
  return undefined;
}

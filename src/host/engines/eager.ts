import * as tf from '@tensorflow/tfjs';
import { onBackend } from './backends';
import { EngineError, type EagerGradients, type NonFinite } from './engine';
import { isMissingKernel } from './network';
import { firstNonFinite } from './nonFinite';
import { freeingTensors } from './freeingTensors';
import { seedOf, withSeededMath } from './seededMath';
import { freeTape } from './tape';
import type { VaeNetwork } from './vaeNetwork';

/** `wasm` computes a loss in a fraction of the time, but lacks operations that `cpu` has. */
const backends = ['wasm', 'cpu'] as const;

/** Runs what gives numbers on the first backend that has all its operations, from the weights in `values`; what follows where none has. */
async function eagerly<T>(network: VaeNetwork, values: ReadonlyMap<string, Float32Array>, noise: Float32Array, work: (backend: string) => T | undefined): Promise<T | undefined> {
  let missing: unknown;
  for (const backend of backends) {
    try {
      const found = await onBackend(backend, () => withSeededMath(seedOf(noise), () => freeingTensors(() => {
        for (const { name, variable } of network.weights) variable.assign(tf.tensor(Float32Array.from(values.get(name) ?? []), variable.shape));
        return work(backend);
      })));
      if (found) return found;
    } catch (error) {
      if (!isMissingKernel(error)) throw error;
      freeTape();
      missing = error;
    }
  }
  if (missing !== undefined) console.error(missing);
  return undefined;
}

/** Computes the loss of a compiled step eagerly, from the weights in `values`, to find where it, or one of its gradients, stopped being finite; undefined where, computed so, all are. */
export function lossEagerly(network: VaeNetwork, values: ReadonlyMap<string, Float32Array>, noise: Float32Array, loss: () => tf.Scalar, withGradients: boolean): Promise<NonFinite | undefined> {
  return eagerly(network, values, noise, () => firstNonFinite(network.weights, loss, withGradients));
}

/** The gradients of a training step's loss, computed eagerly, from the weights in `values`. @throws EngineError where no backend can */
export async function gradientsEagerly(network: VaeNetwork, values: ReadonlyMap<string, Float32Array>, noise: Float32Array, loss: () => tf.Scalar): Promise<EagerGradients> {
  const { trainable } = network;
  const computed = await eagerly(network, values, noise, (oracle): EagerGradients => {
    const { grads } = tf.variableGrads(loss, trainable.map(({ variable }) => variable));
    return { oracle, tensors: trainable.flatMap(({ name, variable }) => { const gradient = grads[variable.name] as tf.Tensor | null | undefined; return gradient ? [{ name, shape: gradient.shape, data: Float32Array.from(gradient.dataSync()) }] : []; }) };
  });
  if (!computed) throw new EngineError('No engine can compute the gradients of this model operation by operation.');
  return computed;
}

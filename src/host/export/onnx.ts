import * as tf from '@tensorflow/tfjs';
import type { VaeModel } from '../../vae/model';
import { onBackend } from '../engines/backends';
import type { Graph } from '../engines/compiled/graph';
import { lower } from '../engines/compiled/lower/index';
import { trace } from '../engines/compiled/trace/index';
import { builtNetwork } from '../engines/compiled/tracedModel';
import type { DataFacts, ImageShape, NamedTensor } from '../engines/index';
import { tensorsOf } from '../engines/checkpoint';
import type { VaeNetwork } from '../engines/vaeNetwork';

/** A model with trained weights, ready to be written down. */
export interface TrainedModel { readonly model: VaeModel; readonly imageShape: ImageShape; readonly data: DataFacts; readonly seed: number; readonly weights: readonly NamedTensor[] }

/** A network of the model with its weights, on the cpu backend; to be disposed. @throws Error where the weights are another model's */
export async function networkOf({ model, imageShape, data, seed, weights }: TrainedModel): Promise<VaeNetwork> {
  const network = await builtNetwork(model, seed, imageShape, data);
  await onBackend('cpu', () => tf.tidy(() => {
    const needed = network.weights.map(({ name, variable }) => ({ name, shape: variable.shape }));
    tensorsOf(weights, needed).forEach((tensor, i) => { network.weights[i]?.variable.assign(tf.tensor(tensor.data.slice(), [...tensor.shape])); });
  }));
  return network;
}

/** The graph with what is known of its inputs inside it. */
function withConstants(graph: Graph, values: ReadonlyMap<string, Float32Array>): Graph {
  const isKnown = ({ name }: { readonly name: string }): boolean => values.has(name);
  return { ...graph, inputs: graph.inputs.filter((input) => !isKnown(input)), constants: [...graph.constants, ...graph.inputs.filter(isKnown).map(({ name, value }) => ({ value, data: values.get(name) ?? new Float32Array(0) }))] };
}

/**
 * Encoder and decoder as ONNX files of ONNX's own operators alone (operator set 21), for a fixed number of examples: x [batch, height, width, channels] in [0, 1] to mean and logVariance
 * [batch, latent], or to mean alone where codes are points; and z [batch, latent] to pictures [batch, height, width, channels] in [0, 1]. A conditional model's take the one-hot rows labels
 * [batch, classes] too. @throws NotCompilableError naming what has no ONNX form
 */
export function onnxModels(network: VaeNetwork, { model: { latentDim }, imageShape, weights }: TrainedModel, batch: number): Promise<{ encoder: Uint8Array; decoder: Uint8Array }> {
  return onBackend('cpu', () => {
    const values = new Map(weights.map(({ name, data }) => [name, data]));
    const classes = network.conditionClasses;
    const rows = classes === undefined ? [] : [{ name: 'labels', shape: [batch, classes] }];
    const written = (name: string, shape: readonly number[], step: (input: tf.Tensor, labels?: tf.Tensor) => Record<string, tf.Tensor>): Uint8Array => {
      const { graph } = trace({ inputs: [{ name, shape }, ...rows], variables: network.weights, step: ({ [name]: input, labels }) => step(input as tf.Tensor, labels) });
      return lower(withConstants(graph, values), { portable: true }).model;
    };
    return {
      encoder: written('x', [batch, ...imageShape], (x, labels) => ({ ...network.encode(x, labels) })),
      decoder: written('z', [batch, latentDim], (z, labels) => ({ pictures: tf.reshape(network.pictures(z, labels), [batch, ...imageShape]) })),
    };
  });
}

import * as tf from '@tensorflow/tfjs';
import type { VaeModel } from '../../vae/model';
import { initializeAsTorch } from './initialize';
import type { NamedVariable } from './network';

/** What the encoder gives of a batch, [batch, latent] each: a Gaussian, or a point where there is no log-variance. Where there is a codebook, `indices` are its nearest codes, [batch, places]. */
export interface Code { readonly mean: tf.Tensor; readonly logVariance?: tf.Tensor; readonly indices?: tf.Tensor }

/** The log-variances of so many numbers of codes that are points. */
export const spreadOfPoints = (size: number): Float32Array => new Float32Array(size).fill(-Infinity);

/** The layers that make a code of the encoder's features. */
export interface CodeHeads {
  readonly layers: readonly { readonly name: string; readonly layer: tf.layers.Layer }[];
  apply(features: tf.Tensor): Code;
  /** Of a code as the decoder is given it, where that is not a row. */
  readonly codeShape?: readonly number[];
}

const inRows = (features: tf.Tensor): tf.Tensor => (features.rank === 2 ? features : tf.reshape(features, [features.shape[0] ?? 0, -1]));

/** Mean and log-variance: two dense layers of the same units as one product, which takes less time than two, forward and back. The layers' weights are made at the first call. */
export function gaussianHeads({ latentDim, logVarianceLimit: limit }: Pick<VaeModel, 'latentDim' | 'logVarianceLimit'>): CodeHeads {
  const heads = [tf.layers.dense({ units: latentDim }), tf.layers.dense({ units: latentDim })] as const;
  return {
    layers: [{ name: 'mean', layer: heads[0] }, { name: 'logVariance', layer: heads[1] }],
    apply: (features) => {
      const x = inRows(features);
      for (const head of heads) if (!head.built) head.build(x.shape);
      const [kernel, bias] = [0, 1].map((i) => tf.concat(heads.map((head) => head.weights[i]?.read() as tf.Tensor), -1)) as [tf.Tensor, tf.Tensor];
      const [mean, logVariance] = tf.split(tf.add(tf.matMul(x, kernel), bias), 2, 1) as [tf.Tensor, tf.Tensor];
      return { mean, logVariance: tf.clipByValue(logVariance, -limit, limit) };
    },
  };
}

/** A code without noise: one dense layer. */
export function pointHead(latentDim: number): CodeHeads {
  const layer = tf.layers.dense({ units: latentDim });
  return { layers: [{ name: 'code', layer }], apply: (features) => ({ mean: layer.apply(inRows(features)) as tf.Tensor }) };
}

/** A point for each place of a grid: one dense layer for all places. */
export function gridHead([rows, columns]: readonly [number, number], codeDim: number): CodeHeads {
  const layer = tf.layers.dense({ units: codeDim });
  return {
    layers: [{ name: 'code', layer }], codeShape: [rows, columns, codeDim],
    apply: (features) => {
      const [, height, width, channels = 1] = features.shape;
      if (features.rank !== 4 || height !== rows || width !== columns) throw new TypeError(`The encoder gives features of shape [${features.shape.slice(1).join(', ')}], and vqVae() was given a grid of ${rows}x${columns}.`);
      return { mean: tf.reshape(layer.apply(tf.reshape(features, [-1, channels])) as tf.Tensor, [features.shape[0] ?? 0, -1]) };
    },
  };
}

export function layerVariables({ name, layer }: CodeHeads['layers'][number]): NamedVariable[] {
  return layer.weights.map((weight) => ({ name: `${name}/${weight.originalName.split('/').at(-1) ?? ''}`, variable: weight.read() as tf.Variable, trainable: true }));
}
export const initializeLayersAsTorch = (layers: CodeHeads['layers']): void => { for (const { layer } of layers) initializeAsTorch(layer, new Set()); };

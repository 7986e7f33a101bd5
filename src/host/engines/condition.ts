import * as tf from '@tensorflow/tfjs';
import type { VaeModel } from '../../vae/model';
import type { DataFacts, ImageShape } from './engine';
import type { CodeHeads } from './codeHeads';
import { oneHot } from './oneHot';

/** How many classes encoder and decoder are given; undefined where the model is not conditional. @throws TypeError where the data have no labels */
export function conditionClasses({ kind }: Pick<VaeModel, 'kind'>, { classes }: DataFacts): number | undefined {
  if (kind !== 'conditionalVae') return undefined;
  if (classes === undefined) throw new TypeError('conditionalVae() needs the class of each example, and the data have no labels, or their held-out examples have none. Give the data set its labels, or use vae().');
  return classes;
}

/** One-hot rows [count, classes] of a batch for a model that is given `classes` of them. @throws TypeError where the batch has none */
export function conditionsOf(labels: Int32Array | undefined, classes: number): Float32Array {
  if (!labels) throw new TypeError('The model is conditional: the class of each example has to be given.');
  return oneHot(labels, classes);
}
/** Rows that a conditional decoder is given. @throws TypeError where there are none */
export function givenConditions(conditions: Float32Array | undefined): Float32Array {
  if (!conditions) throw new TypeError('The model is conditional: the class of each picture has to be given.');
  return conditions;
}

/** Puts classes, one-hot rows [batch, classes], beside what encoder and decoder are given. */
export class Condition {
  /** A picture for each class: a channel that convolutions and dense layers can make as much use of as of the row itself. */
  readonly #plane: tf.layers.Layer;

  constructor(private readonly imageShape: ImageShape) { this.#plane = tf.layers.dense({ units: imageShape[0] * imageShape[1], useBias: false }); }

  get layers(): CodeHeads['layers'] { return [{ name: 'condition', layer: this.#plane }]; }

  /** [batch, height, width, channels + 1] */
  onImages(x: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    const [height, width] = this.imageShape;
    return tf.concat([x, tf.reshape(this.#plane.apply(rows) as tf.Tensor, [x.shape[0] ?? 0, height, width, 1])], 3);
  }
  /** [samples * batch, latent + classes], of z sample by sample. */
  onCode(z: tf.Tensor, rows: tf.Tensor): tf.Tensor {
    const samples = (z.shape[0] ?? 0) / (rows.shape[0] ?? 1);
    return tf.concat([z, samples === 1 ? rows : tf.tile(rows, [samples, 1])], 1);
  }
}

import assert from 'node:assert';
import * as tf from '@tensorflow/tfjs';
import { likelihoodEntry, type Likelihood } from '../../vae/likelihoods/index';
import type { CodeHeads } from './codeHeads';
import type { ImageShape } from './engine';
import { leaveStart } from './initialize';

/** From the decoder's features to the likelihood's parameters: a dense layer to all pixels, or a 1x1 convolution where the features are a picture's size already. */
export class OutputLayer {
  #layer: tf.layers.Layer | undefined;

  constructor(private readonly imageShape: ImageShape, private readonly likelihood: Likelihood, private readonly startsAsTorch: boolean) {}

  /** To logits or means, [count, pixels], and where there are two a pixel the second ones after them. */
  apply(features: tf.Tensor): tf.Tensor {
    const [h, w, c] = this.imageShape;
    const outputs = likelihoodEntry(this.likelihood).outputs(this.likelihood);
    const spatial = features.rank === 4 && features.shape[1] === h && features.shape[2] === w;
    if (!this.#layer) {
      this.#layer = spatial ? tf.layers.conv2d({ filters: c * outputs, kernelSize: 1 }) : tf.layers.dense({ units: h * w * c * outputs });
      if (this.startsAsTorch) leaveStart(this.#layer);
    }
    const count = features.shape[0] ?? 0;
    const input = spatial || features.rank === 2 ? features : tf.reshape(features, [count, -1]);
    const output = spatial ? this.#layer.apply(input) as tf.Tensor : linear(this.#layer, input);
    if (!spatial || outputs === 1) return tf.reshape(output, [count, h * w * c * outputs]);
    return tf.concat(tf.split(output, outputs, 3).map((one) => tf.reshape(one, [count, h * w * c])), 1);
  }

  /** After the first `apply`, which makes it. */
  get layers(): CodeHeads['layers'] { return this.#layer ? [{ name: 'output', layer: this.#layer }] : []; }
}

/** A dense layer without an activation, in two operations where `apply` takes five and its gradient seven. */
function linear(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  if (!layer.built) layer.build(x.shape);
  const [kernel, bias] = layer.weights.map((weight) => weight.read());
  assert(kernel && bias, `${layer.name} has no kernel or no bias`);
  return tf.add(tf.matMul(x, kernel), bias);
}

import * as tf from '@tensorflow/tfjs';
import { sizeOf } from './sizeOf';

/** A weight's own name, such as `kernel`, to the option of its layer that says how it starts. */
const options: Readonly<Record<string, string>> = {
  kernel: 'kernelInitializer', recurrent_kernel: 'recurrentInitializer', depthwise_kernel: 'depthwiseInitializer', pointwise_kernel: 'pointwiseInitializer', bias: 'biasInitializer',
};
/** In the place of an initializer whose numbers nobody sees. It draws the one seed that tfjs's own would: what is drawn after it is the same. */
const UNSEEN = Object.assign(tf.initializers.zeros(), { apply: (shape: tf.Shape, dtype?: tf.DataType): tf.Tensor => { Math.random(); return tf.zeros(shape.map((size) => size ?? 1), dtype); } });

/** Of a layer that is not built yet and starts as PyTorch's do: what tfjs would start its kernels with, and `initializeAsTorch` writes over, is not computed. */
export function leaveStart(layer: tf.layers.Layer, given: ReadonlySet<string> = new Set()): void {
  for (const option of Object.values(options)) {
    const own: unknown = Reflect.get(layer, option);
    if (!given.has(option) && own instanceof tf.serialization.Serializable && own.getClassName() === 'VarianceScaling') Reflect.set(layer, option, UNSEEN);
  }
}

/** Inputs a unit has, from the shape of its kernel: [..., in, out], or [height, width, in, multiplier] of a depthwise one. */
const fanIn = (name: string, shape: readonly number[]): number => sizeOf(shape.slice(0, name === 'depthwise_kernel' ? -2 : -1));

/**
 * Starts a built layer's kernels and biases as PyTorch does (see `initializers.torchDefault`), but for those whose initializer the person gave, named in `given`.
 * A transposed convolution's kernel is [height, width, out, in]; that PyTorch counts its outputs as fan-in is kept. Call under the run's seed.
 */
export function initializeAsTorch(layer: tf.layers.Layer, given: ReadonlySet<string>): void {
  const weights = layer.weights.map((weight) => ({ weight, name: weight.originalName.split('/').at(-1) ?? '', shape: weight.shape.map((size) => size ?? 1) }));
  const recurrent = weights.find(({ name }) => name === 'recurrent_kernel');
  let inputs = recurrent?.shape[0] ?? 0;
  for (const { weight, name, shape } of weights) {
    const option = options[name];
    if (option === undefined) continue;
    if (!recurrent && name !== 'bias') inputs = fanIn(name, shape);
    const limit = 1 / Math.sqrt(inputs);
    if (inputs > 0 && !given.has(option)) tf.tidy(() => { weight.write(tf.randomUniform(shape, -limit, limit, 'float32', Math.random())); });
  }
}

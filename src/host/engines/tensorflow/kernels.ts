import * as tf from '@tensorflow/tfjs';
import { dtypeOf, flagOf, numberOf, numbersOf } from '../kernelAttributes';
import { executed, flag, floatType } from './operations';

type Attributes = Readonly<Record<string, unknown>>;
type Kernel = (inputs: tf.NamedTensorInfoMap, attributes: Attributes) => tf.TensorInfo | undefined;
/** Of one input, x. */
const unary = (kernel: (x: tf.TensorInfo, attributes: Attributes) => tf.TensorInfo | undefined): Kernel => ({ x }, attributes) => x && kernel(x, attributes);

/** The same values under another name, as TensorFlow.js's own `Identity`. */
function same(x: tf.TensorInfo): tf.TensorInfo {
  tf.backend().incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

/** What TensorFlow.js's gradients call in passing, some thirty times a step of a small model, though there is nothing to do; and what TensorFlow does in one operation. */
const kernels: Readonly<Record<string, Kernel>> = {
  Reshape: unary((x, attributes) => (tf.util.arraysEqual(x.shape, numbersOf(attributes, 'shape')) ? same(x) : undefined)),
  Cast: unary((x, attributes) => (attributes['dtype'] === x.dtype && dtypeOf(attributes, 'dtype') ? same(x) : undefined)),
  ClipByValue: unary((x, attributes) => {
    if (x.dtype !== 'float32') return undefined;
    const bounds = [numberOf(attributes, 'clipValueMin'), numberOf(attributes, 'clipValueMax')].map((bound) => tf.scalar(bound));
    const clipped = executed('ClipByValue', [floatType('T')], [x, ...bounds]);
    tf.dispose(bounds);
    return clipped;
  }),
  /** A product of small matrices takes a third of the time that it takes as a batch of one. */
  BatchMatMul: ({ a, b }, attributes) => {
    if (a?.dtype !== 'float32' || b?.dtype !== 'float32' || a.shape.length !== 2 || b.shape.length !== 2) return undefined;
    return executed('MatMul', [floatType('T'), flag('transpose_a', flagOf(attributes, 'transposeA')), flag('transpose_b', flagOf(attributes, 'transposeB'))], [a, b]);
  },
};

/** Puts these in front of the kernels of @tensorflow/tfjs-node, which do what is left. */
export function useOwnKernels(backendName: string): void {
  for (const [kernelName, own] of Object.entries(kernels)) {
    const kernel = tf.getKernel(kernelName, backendName);
    if (!kernel) continue;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...kernel, kernelFunc: (call) => own(call.inputs, call.attrs ?? {}) ?? kernel.kernelFunc(call) });
  }
}

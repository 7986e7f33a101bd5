import * as tf from '@tensorflow/tfjs';
import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { tensorflowBackend, type NodeJSKernelBackend } from './backend';

const floatAttribute = ({ binding }: NodeJSKernelBackend, name: string): TFEOpAttr => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT });

export const floatType = (name: string): TFEOpAttr => floatAttribute(tensorflowBackend(), name);
export const flag = (name: string, value: boolean): TFEOpAttr => ({ name, type: tensorflowBackend().binding.TF_ATTR_BOOL, value });
/** One operation of TensorFlow's with one result. */
export const executed = (operation: string, attributes: TFEOpAttr[], inputs: tf.TensorInfo[]): tf.Tensor => tensorflowBackend().executeSingleOutput(operation, attributes, inputs);

/** dy where y = relu(x) is positive, else 0: one operation where TensorFlow.js's own gradient takes seven. */
export function reluGradient(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const backend = tensorflowBackend();
  return backend.executeSingleOutput('ReluGrad', [floatAttribute(backend, 'T')], [dy, y]);
}

/** The sum of the tensors' squares, a scalar, in one operation each. */
export function squaredNorm(...xs: readonly tf.Tensor[]): tf.Tensor {
  const backend = tensorflowBackend();
  const halves = xs.map((x): tf.Tensor => backend.executeSingleOutput('L2Loss', [floatAttribute(backend, 'T')], [x]));
  return tf.mul(tf.addN(halves), 2);
}

let made = 0;
/** A variable in TensorFlow's own memory, which its optimizers change in place. float32. */
export class ResourceVariable {
  readonly #backend = tensorflowBackend();
  readonly #handle: tf.Tensor;

  /** Uninitialized until `assign`. */
  constructor(readonly shape: readonly number[]) {
    const backend = this.#backend;
    const { binding } = backend;
    const text = (name: string, value: string): TFEOpAttr => ({ name, type: binding.TF_ATTR_STRING, value });
    this.#handle = tf.keep(backend.executeSingleOutput('VarHandleOp', [
      floatAttribute(backend, 'dtype'), { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [...shape] }, text('container', ''), text('shared_name', `vae-lab-${process.pid}-${made++}`),
    ], []));
  }

  assign(value: tf.Tensor): void {
    const backend = this.#backend;
    backend.executeMultipleOutputs('AssignVariableOp', [floatAttribute(backend, 'dtype')], [this.#handle, value], 0);
  }
  read(): tf.Tensor {
    const backend = this.#backend;
    return backend.executeSingleOutput('ReadVariableOp', [floatAttribute(backend, 'dtype')], [this.#handle]);
  }

  /** Scalars and the gradient as TensorFlow's ResourceApplyAdam takes them; `this` is the weight. */
  applyAdam(m: ResourceVariable, v: ResourceVariable, scalars: readonly tf.Tensor[], gradient: tf.Tensor): void {
    const backend = this.#backend;
    const { binding } = backend;
    const no = (name: string): TFEOpAttr => ({ name, type: binding.TF_ATTR_BOOL, value: false });
    backend.executeMultipleOutputs('ResourceApplyAdam', [floatAttribute(backend, 'T'), no('use_locking'), no('use_nesterov')],
      [this.#handle, m.#handle, v.#handle, ...scalars, gradient], 0);
  }

  dispose(): void {
    const backend = this.#backend;
    backend.executeMultipleOutputs('DestroyResourceOp', [{ name: 'ignore_lookup_error', type: backend.binding.TF_ATTR_BOOL, value: true }], [this.#handle], 0);
    this.#handle.dispose();
  }
}

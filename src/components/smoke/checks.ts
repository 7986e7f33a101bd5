import { rmSync } from 'node:fs';

/** What the checks use of the binding of @tensorflow/tfjs-node. */
export interface Binding {
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array | Uint8Array[]): number;
  tensorDataSync(id: number): ArrayLike<unknown>;
  executeOp(name: string, attributes: { name: string; type: number; value: unknown }[], inputs: number[], outputs: number): { id: number }[];
  isUsingGpuDevice(): boolean;
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_STRING: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
}

/** Whether a native module is that binding. */
export const isBinding = (value: unknown): value is Binding => typeof value === 'object' && value !== null
  && ['createTensor', 'executeOp', 'tensorDataSync', 'isUsingGpuDevice'].every((name) => typeof Reflect.get(value, name) === 'function') && typeof Reflect.get(value, 'TF_Version') === 'string';

function close(what: string, got: ArrayLike<unknown>, wanted: readonly number[]): void {
  const wrong = got.length !== wanted.length || wanted.some((value, i) => !(Math.abs(Number(got[i]) - value) <= 1e-5 * Math.max(1, Math.abs(value))));
  if (wrong) throw new Error(`${what} gave [${Array.from(got).join(', ')}] instead of [${wanted.join(', ')}]`);
}

/** Computes a few small things whose results are known: matMul, a convolution's gradient, a step of Adam, and a tensor written to `file` and read again. @throws Error naming what went wrong */
export function smokeChecks(tf: Binding, file: string): void {
  const float = (shape: number[], values: readonly number[]): number => tf.createTensor(shape, tf.TF_FLOAT, Float32Array.from(values));
  const ints = (values: readonly number[]): number => tf.createTensor([values.length], tf.TF_INT32, Int32Array.from(values));
  const text = (value: string): number => tf.createTensor([], tf.TF_STRING, [new TextEncoder().encode(value)]);
  const type = (name: string, value = tf.TF_FLOAT) => ({ name, type: tf.TF_ATTR_TYPE, value });
  const flag = (name: string, value: boolean) => ({ name, type: tf.TF_ATTR_BOOL, value });
  const word = (name: string, value: string) => ({ name, type: tf.TF_ATTR_STRING, value });
  const op = (name: string, attributes: Parameters<Binding['executeOp']>[1], inputs: number[]): number => tf.executeOp(name, attributes, inputs, 1)[0]?.id ?? -1;
  const data = (id: number): ArrayLike<unknown> => tf.tensorDataSync(id);

  close('matMul', data(op('MatMul', [type('T'), flag('transpose_a', false), flag('transpose_b', false)], [float([2, 3], [1, 2, 3, 4, 5, 6]), float([3, 2], [7, 8, 9, 10, 11, 12])])), [58, 64, 139, 154]);

  // d/dw of sum(g * conv2d(x, w)) with x [1, 3, 3, 1] and w [2, 2, 1, 1]: each weight collects the pixels it met.
  const [x, g] = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, -1, 2, 0.5]];
  const pixel = (row: number, column: number): number => x[row * 3 + column] ?? NaN;
  const gradient = [0, 1, 2, 3].map((weight) => g.reduce((sum, value, at) => sum + value * pixel((at >> 1) + (weight >> 1), (at & 1) + (weight & 1)), 0));
  const convolution = [type('T'), { name: 'strides', type: tf.TF_ATTR_INT, value: [1, 1, 1, 1] }, flag('use_cudnn_on_gpu', true), word('padding', 'VALID'), word('data_format', 'NHWC'), { name: 'dilations', type: tf.TF_ATTR_INT, value: [1, 1, 1, 1] }];
  close('the gradient of a convolution', data(op('Conv2DBackpropFilter', convolution, [float([1, 3, 3, 1], x), ints([2, 2, 1, 1]), float([1, 2, 2, 1], g)])), gradient);

  const variable = (name: string, values: readonly number[]): number => {
    const handle = op('VarHandleOp', [word('container', ''), word('shared_name', name), type('dtype'), { name: 'shape', type: tf.TF_ATTR_SHAPE, value: [values.length] }], []);
    tf.executeOp('AssignVariableOp', [type('dtype')], [handle, float([values.length], values)], 0);
    return handle;
  };
  const [rate, beta1, beta2, epsilon, weights, gradients] = [0.1, 0.9, 0.999, 1e-7, [1, -2], [0.5, -3]];
  const handle = variable('w', weights);
  tf.executeOp('ResourceApplyAdam', [type('T'), flag('use_locking', false), flag('use_nesterov', false)],
    [handle, variable('m', [0, 0]), variable('v', [0, 0]), ...[beta1, beta2, rate, beta1, beta2, epsilon].map((value) => float([], [value])), float([2], gradients)], 0);
  const step = rate * Math.sqrt(1 - beta2) / (1 - beta1);
  const moved = weights.map((weight, i) => { const d = gradients[i] ?? NaN; return weight - step * (1 - beta1) * d / (Math.sqrt((1 - beta2) * d * d) + epsilon); });
  close('a step of Adam', data(op('ReadVariableOp', [type('dtype')], [handle])), moved);

  try {
    const saved = op('SerializeTensor', [type('T')], [op('ReadVariableOp', [type('dtype')], [handle])]);
    tf.executeOp('WriteFile', [], [text(file), saved], 0);
    close('a tensor written and read', data(op('ParseTensor', [type('out_type')], [op('ReadFile', [], [text(file)])])), moved);
  } finally {
    rmSync(file, { force: true });
  }
}

import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { NotCompilableError, type Graph } from '../../../../../src/host/engines/compiled/graph';
import { lower } from '../../../../../src/host/engines/compiled/lower/index';
import { record } from './recorder';
import { run } from './running';

beforeAll(() => startBackend('cpu'));

const value = (id: number, shape: number[] = [2]) => ({ id, shape, dtype: 'float32' as const });
const graph = (kernel: string, attributes: Record<string, unknown> = {}): Graph => ({
  inputs: [{ name: 'x', value: value(0) }], constants: [], outputs: [{ name: 'y', value: value(1) }],
  calls: [{ kernel, inputs: [value(0)], inputNames: ['x'], attributes, outputs: [value(1)], madeAt: 'digits.vae.ts:7' }],
});
const thrown = (of: Graph): unknown => {
  try { return lower(of); } catch (error) { return error; }
};

describe('lowering', () => {
  it('refuses a kernel it does not know, and one in a form it does not know, with the line', () => {
    const [unknown, form, elsewhere] = [thrown(graph('FFT')), thrown(graph('Transpose')), thrown(graph('Conv3D'))];
    expect(unknown).toBeInstanceOf(NotCompilableError);
    expect(unknown).toMatchObject({ message: 'The operation FFT cannot be compiled.', madeAt: 'digits.vae.ts:7' });
    expect(elsewhere).toMatchObject({ message: 'The operation Conv3D cannot be compiled for onnxruntime.', madeAt: 'digits.vae.ts:7' });
    expect(form).toBeInstanceOf(NotCompilableError);
    expect(form).toMatchObject({ message: 'The operation Transpose cannot be compiled here: its attribute perm is missing.', madeAt: 'digits.vae.ts:7' });
  });

  it('refuses two of one name', () => {
    expect(() => lower({ ...graph('Exp'), outputs: [{ name: 'x', value: value(1) }] })).toThrow('named "x"');
  });

  it('leaves out what no output needs: calls, even unknown ones, and inputs', () => {
    const exp = graph('Exp');
    const { inputs, outputs } = lower({ ...exp, inputs: [...exp.inputs, { name: 'unused', value: value(5) }], calls: [...exp.calls, { kernel: 'FFT', inputs: [value(5)], inputNames: ['x'], attributes: {}, outputs: [value(6)] }] });
    expect({ inputs, outputs }).toEqual({ inputs: ['x'], outputs: ['y'] });
  });

  it('gives an input, a constant, a broadcast and one value twice as outputs', async () => {
    const x = tf.tensor1d([1, 2]);
    const recording = record({ x }, () => {
      const y = tf.mul(x, 3);
      return { again: x, y, twice: y, constant: tf.tensor1d([4, 5]), broadcast: tf.broadcastTo(tf.sum(x), [2, 2]), zeros: tf.zerosLike(x) };
    });
    expect(Object.fromEntries([...await run(recording)].map(([name, data]) => [name, [...data]]))).toEqual({ again: [1, 2], y: [3, 6], twice: [3, 6], constant: [4, 5], broadcast: [3, 3, 3, 3], zeros: [0, 0] });
  });

  it('takes and gives integers and booleans', async () => {
    const [choice, index, x] = [tf.tensor1d([1, 0, 1], 'bool'), tf.tensor1d([2, 0, 1], 'int32'), tf.tensor1d([5, 6, 7])];
    const recording = record({ choice, index, x }, () => ({ chosen: tf.where(choice, tf.gather(x, index), x), not: tf.logicalNot(choice), next: tf.add(index, tf.scalar(1, 'int32')), truth: tf.cast(index, 'bool') }));
    expect(Object.fromEntries([...await run(recording)].map(([name, data]) => [name, [...data]]))).toEqual({ chosen: [7, 6, 6], not: [0, 1, 0], next: [3, 1, 2], truth: [1, 0, 1] });
  });

  it('uses operators of ONNX alone where a file is to be portable', () => {
    const [a, b] = [tf.ones([2, 3, 4]), tf.ones([2, 5, 4])];
    const recording = record({ a, b }, () => ({ y: tf.matMul(a, b, false, true) }));
    const text = (portable: boolean): string => new TextDecoder('latin1').decode(lower(recording.graph, { portable }).model);
    expect(text(false)).toContain('com.microsoft');
    expect(text(true)).not.toContain('com.microsoft');
  });

  it('computes what stands twice once, and takes scalar factors and biases into products', () => {
    const [x, w, b] = [tf.ones([4, 3]), tf.ones([3, 2]), tf.ones([2])];
    const recording = record({ x, w, b }, () => ({ y: tf.add(tf.mul(tf.matMul(x, w), 0.5), b), z: tf.relu(tf.add(tf.div(tf.matMul(x, w), 2), b)) }));
    const operators = new TextDecoder('latin1').decode(lower(recording.graph).model).match(/Gemm|Relu|Add|Mul|Div/g);
    expect(operators).toEqual(['Gemm', 'Relu']);
  });

  it('makes no patches of more than 64 MiB: such a convolution is left to Conv', () => {
    const operators = (batch: number): string[] => {
      const values = [{ ...value(0, [batch, 64, 64, 32]) }, value(1, [3, 3, 32, 32]), value(2, [batch, 64, 64, 32])] as const;
      const call = { kernel: 'Conv2D', inputs: [values[0], values[1]], inputNames: ['x', 'filter'], attributes: { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] }, outputs: [values[2]] };
      const { model } = lower({ inputs: [{ name: 'x', value: values[0] }, { name: 'filter', value: values[1] }], constants: [], calls: [call], outputs: [{ name: 'y', value: values[2] }] });
      return [...new Set(new TextDecoder('latin1').decode(model).match(/Gather|Gemm|Conv/g))];
    };
    expect(operators(4)).toEqual(['Gather', 'Gemm']);
    expect(operators(16)).toEqual(['Conv']);
  });

  it('is loaded and run by another session after its bytes were copied', async () => {
    const { model } = lower(graph('Exp'));
    const session = await ort.InferenceSession.create(Uint8Array.from(model));
    expect([...(await session.run({ x: new ort.Tensor('float32', [0, 0], [2]) }))['y']?.data as Float32Array]).toEqual([1, 1]);
    await session.release();
  });
});

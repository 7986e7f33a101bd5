import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { trace, type Traced } from '../../../../../src/host/engines/compiled/trace/index';
import { interpret } from '../interpret';

beforeAll(() => startBackend('cpu'));
const traced = (run: (x: tf.Tensor) => tf.Tensor, shape: readonly number[] = [2, 3]): Traced => trace({ inputs: [{ name: 'x', shape }], variables: [], step: ({ x }) => ({ y: run(x as tf.Tensor) }) });
const ones = { x: [1, 1, 1, 1, 1, 1] };

describe('noise', () => {
  it.each<[string, () => tf.Tensor, Traced['noise'][number]]>([
    ['randomNormal', () => tf.randomNormal([2, 3]), { name: 'noise:0', shape: [2, 3], kind: 'normal', scale: 1, shift: 0 }],
    ['randomNormal with mean and deviation', () => tf.randomNormal([2, 3], -3, 0.1), { name: 'noise:0', shape: [2, 3], kind: 'normal', scale: 0.1, shift: -3 }],
    ['randomStandardNormal', () => tf.randomStandardNormal([2, 3]), { name: 'noise:0', shape: [2, 3], kind: 'normal', scale: 1, shift: 0 }],
    ['randomUniform', () => tf.randomUniform([3]), { name: 'noise:0', shape: [3], kind: 'uniform', scale: 1, shift: 0 }],
    ['randomUniform of a range', () => tf.randomUniform([3], -2, 4), { name: 'noise:0', shape: [3], kind: 'uniform', scale: 6, shift: -2 }],
    ['truncatedNormal', () => tf.truncatedNormal([2, 3], 5, 0.02), { name: 'noise:0', shape: [2, 3], kind: 'truncatedNormal', scale: 0.02, shift: 5 }],
    ['one number', () => tf.randomUniform([], 1, 3), { name: 'noise:0', shape: [], kind: 'uniform', scale: 2, shift: 1 }],
    ['no deviation', () => tf.randomNormal([2, 3], 4, 0), { name: 'noise:0', shape: [2, 3], kind: 'normal', scale: 0, shift: 4 }],
    ['a deviation of no few digits', () => tf.randomNormal([2, 3], 0, Math.PI), { name: 'noise:0', shape: [2, 3], kind: 'normal', scale: expect.closeTo(Math.PI, 5) as number, shift: expect.closeTo(0, 5) as number }],
  ])('of %s becomes an input of each step', (_, draw, expected) => {
    const { graph, noise } = traced((x) => tf.mul(x, draw()));
    expect(noise).toEqual([expected]);
    expect(graph.inputs.map(({ name, value }) => [name, value.shape])).toEqual([['x', [2, 3]], ['noise:0', expected.shape]]);
    expect(graph.constants).toEqual([]);
  });

  it('is one input a draw, in order, inside gradients too, and only where it is used', () => {
    const { graph, noise } = trace({ inputs: [{ name: 'x', shape: [4] }], variables: [], step: ({ x }) => ({
      gradient: tf.grad((y: tf.Tensor) => {
        tf.randomUniform([9]);
        return tf.sum(tf.mul(tf.add(tf.square(y), tf.randomNormal([4])), tf.tidy(() => tf.randomUniform([4]))));
      })(x as tf.Tensor),
    }) });
    expect(noise.map(({ kind }) => kind)).toEqual(['uniform']); // the normal has no part in the gradient
    expect(interpret(graph, { x: [1, 2, 3, 4], 'noise:0': [0.5, 1, 0, 2] })).toEqual({ gradient: [1, 4, 0, 16] });
  });

  it('of a seed stays the same at each step, as in TensorFlow.js', () => {
    const { graph, noise } = traced((x) => tf.add(tf.mul(x, tf.randomNormal([2, 3], 0, 1, 'float32', 7)), tf.randomUniform([2, 3], 0, 1, 'float32', 8)));
    expect(noise).toEqual([]);
    const expected = tf.tidy(() => Array.from(tf.add(tf.randomNormal([2, 3], 0, 1, 'float32', 7), tf.randomUniform([2, 3], 0, 1, 'float32', 8)).dataSync()));
    expect(interpret(graph, ones)).toEqual({ y: expected });
  });

  it.each<[string, (x: tf.Tensor) => tf.Tensor]>([
    ['tf.dropout', (x) => tf.dropout(x, 0.25)],
    ['a dropout layer', (x) => tf.layers.dropout({ rate: 0.25 }).apply(x, { training: true }) as tf.Tensor],
  ])('of %s keeps what is above the rate, scaled', (_, dropout) => {
    const { graph, noise } = traced(dropout);
    expect(noise).toEqual([{ name: 'noise:0', shape: [2, 3], kind: 'uniform', scale: 1, shift: 0 }]);
    const { y } = interpret(graph, { ...ones, 'noise:0': [0, 0.2, 0.24, 0.26, 0.9, 0.5] });
    expect(y?.map((v) => v.toFixed(4))).toEqual(['0.0000', '0.0000', '0.0000', '1.3333', '1.3333', '1.3333']);
  });

  it.each<[string, () => tf.layers.Layer, string[]]>([
    ['gaussianNoise', () => tf.layers.gaussianNoise({ stddev: 0.3 }), ['normal 0.3 0']],
    ['gaussianDropout', () => tf.layers.gaussianDropout({ rate: 0.5 }), ['normal 1 1']],
    ['alphaDropout', () => tf.layers.alphaDropout({ rate: 0.5 }), ['uniform 1 0']],
    ['spatialDropout1d', () => tf.layers.spatialDropout1d({ rate: 0.5 }), ['uniform 1 0']],
    ['lstm with dropout', () => tf.layers.lstm({ units: 2, dropout: 0.5, recurrentDropout: 0.5 }), ['uniform 1 0', 'uniform 1 0']],
  ])('of the layer %s is found', (_, make, expected) => {
    const layer = make();
    tf.tidy(() => { layer.apply(tf.zeros([2, 3, 4])); });
    const variables = layer.weights.map((weight) => ({ name: weight.name, variable: weight.read() as tf.Variable }));
    const { noise } = trace({ inputs: [{ name: 'x', shape: [2, 3, 4] }], variables, step: ({ x }) => ({ y: layer.apply(x as tf.Tensor, { training: true }) as tf.Tensor }) });
    expect(noise.map(({ kind, scale, shift }) => `${kind} ${scale} ${shift}`)).toEqual(expected);
    layer.dispose();
  });

  it('leaves nothing in TensorFlow.js', () => {
    const before = { memory: tf.memory(), data: tf.backend().numDataIds(), random: Math.random };
    traced((x) => tf.add(x, tf.randomNormal([2, 3])));
    expect({ memory: tf.memory(), data: tf.backend().numDataIds(), random: Math.random }).toEqual(before);
    expect(tf.tidy(() => new Set(tf.randomNormal([50]).dataSync()).size)).toBe(50);
  });
});

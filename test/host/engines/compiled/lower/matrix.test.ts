import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { kernelsFor, type Target } from '../../../../../src/host/engines/compiled/targets';
import { Random } from '../../../../../src/host/training/index';
import { cases } from './cases/index';
import type { Case } from './cases/case';
import { record, type Recording } from './recorder';
import { difference, run, runOnTensorflow, type Runner } from './running';
import { hasTensorflow } from '../../available';

beforeAll(() => startBackend('cpu'));
const met = new Set<string>();
const runners: Record<string, Runner> = { 'onnxruntime': (recording) => run(recording), 'onnxruntime, portable': (recording) => run(recording, { portable: true }), ...(hasTensorflow ? { TensorFlow: runOnTensorflow } : {}) };

/** The value and, with a random dy, each input's gradient, as TensorFlow.js computes them. */
function recorded({ shapes, between: [low, high], of, gradient }: Case): { recording: Recording; inputs: tf.Tensor[]; dy: tf.Tensor } {
  const random = new Random(7);
  const drawn = (shape: readonly number[], from: number, to: number): tf.Tensor => tf.tensor(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => from + (to - from) * random.uniform()), [...shape]);
  const inputs = shapes.map((shape) => drawn(shape, low, high));
  const dy = drawn(tf.tidy(() => of(...inputs).shape), -1, 1);
  const recording = record({ ...Object.fromEntries(inputs.map((x, i) => [`x${i}`, x])), dy }, () => {
    if (gradient === 'none') return { value: of(...inputs) };
    const { value, grads } = tf.valueAndGrads(of)(inputs, dy);
    return { value, ...Object.fromEntries(grads.map((grad, i) => [`gradient ${i}`, grad])) };
  });
  return { recording, inputs, dy };
}

/** The gradient of sum(dy * of(inputs)) with respect to input `which`, by central differences. */
function differences({ of }: Case, inputs: readonly tf.Tensor[], dy: tf.Tensor, which: number): Float32Array {
  const h = 1e-2;
  return Float32Array.from({ length: inputs[which]?.size ?? 0 }, (_, element) => {
    const total = (by: number): number => tf.tidy(() => {
      const moved = inputs.map((x, i) => (i === which ? tf.tensor(x.dataSync().map((v, at) => (at === element ? v + by : v)), x.shape) : x));
      const [value, weights] = [of(...moved).dataSync<'float32'>(), dy.dataSync<'float32'>()];
      return value.reduce((sum, v, i) => sum + v * (weights[i] ?? 0), 0);
    });
    return (total(h) - total(-h)) / (2 * h);
  });
}

describe('the operator matrix', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const { recording, inputs, dy } = recorded(one);
    recording.graph.calls.forEach(({ kernel }) => met.add(kernel));
    const able = Object.entries(runners).filter(([name]) => name.startsWith(one.only ?? ''));
    expect(able.length > 0 || !hasTensorflow).toBe(true);
    for (const [runner, runs] of able) {
      const actual = await runs(recording);
      for (const [name, { data }] of recording.expected) {
        const numeric = one.gradient === 'differences' && name.startsWith('gradient');
        const expected = numeric ? differences(one, inputs, dy, Number(name.split(' ')[1])) : data;
        expect(difference(actual.get(name) ?? [], expected), `${name}, ${runner}`).toBeLessThan(numeric ? 2e-3 : one.tolerance);
      }
    }
  });

  it.each(['onnxruntime', 'TensorFlow'] satisfies Target[])('meets every kernel that is lowered to %s', (target) => {
    expect(kernelsFor(target).filter((kernel) => !met.has(kernel))).toEqual([]);
  });
});

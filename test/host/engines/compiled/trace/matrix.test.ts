import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { shapeRules } from '../../../../../src/host/engines/compiled/trace/shapes/index';
import { trace } from '../../../../../src/host/engines/compiled/trace/index';
import { prepare } from '../cases/case';
import { layerCases } from '../cases/layers';
import { operations } from '../cases/operations';
import { interpret } from '../interpret';

beforeAll(() => startBackend('cpu'));

describe('a traced operation has the shapes, values and gradients of eager TensorFlow.js', () => {
  it.each([...operations, ...layerCases].map((of) => [of.name, of] as const))('%s', (_, of) => {
    const prepared = prepare(of);
    const eager = prepared.eager();
    const before = tf.memory();
    const { graph, assigned } = trace(prepared);
    expect(tf.memory()).toEqual(before);
    expect(graph.calls.length + graph.constants.length).toBeGreaterThan(0);
    const traced = interpret(graph, prepared.values); // which compares each kernel's recorded shape and type with the real ones
    for (const { name, variable } of prepared.variables) if (assigned.includes(name)) eager[`assign:${name}`] = Array.from(variable.dataSync());
    expect(Object.keys(traced)).toEqual(Object.keys(eager));
    for (const [name, values] of Object.entries(eager)) {
      const size = Math.max(1, ...values.map(Math.abs).filter(Number.isFinite));
      values.forEach((value, i) => { expect(Object.is(traced[name]?.[i], value) || Math.abs((traced[name]?.[i] ?? NaN) - value) <= 1e-6 * size, `${name}[${i}]: ${traced[name]?.[i]} for ${value}`).toBe(true); });
    }
    prepared.dispose();
  });
});

it('meets every kernel that has a shape rule', () => {
  const met = new Set([...operations, ...layerCases].flatMap((of) => {
    const prepared = prepare(of);
    const { graph } = trace(prepared);
    prepared.dispose();
    return graph.calls.map(({ kernel }) => kernel);
  }));
  expect([...shapeRules.keys()].filter((kernel) => !met.has(kernel))).toEqual([]);
});

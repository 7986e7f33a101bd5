import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../../../src/host/engines/backends';
import { NotCompilableError } from '../../../../../src/host/engines/compiled/graph';
import { isSameStep, trace } from '../../../../../src/host/engines/compiled/trace/index';

type Step = (x: tf.Tensor, w: tf.Variable) => tf.Tensor | Promise<tf.Tensor>;
interface Refused { readonly name: string; readonly step: () => Step; readonly because: RegExp; readonly noLine?: true }

let captured: tf.Tensor;
let own: tf.Variable;
beforeAll(async () => {
  await startBackend('cpu');
  captured = tf.tensor([1, 2, 3]);
  own = tf.variable(tf.tensor([1, 2, 3]), true, 'another');
});
const read = /A value is read inside the training step/;
const changes = /changes? from one training step to the next|change from one step to the next/;
const random = /Math\.random\(\) is used/;
const made = /A variable or a layer is made/;

/** Each step's line is marked by its name. */
const refused: readonly Refused[] = [
  { name: 'dataSync', because: read, step: () => (x) => tf.mul(x, x.dataSync()[0] ?? 0) }, // dataSync
  { name: 'arraySync', because: read, step: () => (x) => tf.mul(x, (x.arraySync() as number[])[0] ?? 0) }, // arraySync
  { name: 'bufferSync', because: read, step: () => (x) => tf.mul(x, x.bufferSync().get(0)) }, // bufferSync
  { name: 'print', because: read, step: () => (x) => { tf.sum(x).print(); return x; } }, // print
  { name: 'toString', because: read, step: () => (x) => { tf.sum(x).toString(); return x; } }, // toString
  { name: 'data, unawaited', because: read, step: () => (x) => { void tf.square(x).data(); return x; } }, // data, unawaited
  { name: 'array, unawaited', because: read, step: () => (x) => { void tf.square(x).array().then((values) => values); return x; } }, // array, unawaited
  { name: 'a read that is caught', because: read, step: () => (x) => { try { return tf.mul(x, x.dataSync()[0] ?? 0); } catch { return x; } } }, // a read that is caught
  { name: 'a weight read', because: read, step: () => (x, w) => tf.mul(x, w.dataSync()[0] ?? 0) }, // a weight read
  { name: 'a weight read, unawaited', because: read, step: () => (x, w) => { void w.data(); return x; } }, // a weight read, unawaited
  { name: 'await', because: read, step: () => async (x) => { await x.data(); return x; } }, // await
  { name: 'async', because: /asynchronous/, step: () => async (x) => Promise.resolve(tf.square(x)), noLine: true },
  { name: 'async that goes on', because: /asynchronous/, step: () => async (x) => { await Promise.resolve(); return tf.square(x); }, noLine: true },
  { name: 'Math.random as a number', because: random, step: () => (x) => tf.mul(x, Math.random()) }, // Math.random as a number
  { name: 'Math.random as a branch', because: random, step: () => (x) => (Math.random() < 2 ? tf.square(x) : x) }, // Math.random as a branch
  { name: 'Math.random as an array', because: random, step: () => (x) => tf.mul(x, tf.tensor(Array.from({ length: 3 }, () => Math.random()))) }, // Math.random as an array
  { name: 'tf.rand', because: /tf\.rand cannot/, step: () => (x) => tf.mul(x, tf.rand([3], () => Math.random())) }, // tf.rand
  { name: 'randomUniformInt', because: /tf\.randomUniformInt cannot/, step: () => (x) => tf.mul(x, tf.randomUniformInt([3], 0, 5)) }, // randomUniformInt
  { name: 'whole normals', because: /tf\.randomNormal cannot/, step: () => (x) => tf.mul(x, tf.randomNormal([3], 0, 5, 'int32')) }, // whole normals
  { name: 'randomGamma', because: /tf\.randomGamma cannot/, step: () => (x) => tf.mul(x, tf.randomGamma([3], 1)) }, // randomGamma
  { name: 'multinomial', because: /tf\.multinomial cannot/, step: () => (x) => tf.mul(x, tf.cast(tf.multinomial(tf.tensor1d([0.1, 0.9]), 3), 'float32')) }, // multinomial
  { name: 'shuffle', because: random, step: () => (x) => { const order = [0, 1, 2]; tf.util.shuffle(order); return tf.gather(x, order); } }, // shuffle
  { name: 'a deviation that changes', because: /mean, deviation or range of random numbers changes/, step: () => { let n = 0; return (x) => tf.add(x, tf.randomNormal([3], 0, ++n)); } }, // a deviation that changes
  { name: 'another kind of noise', because: /kind, mean, deviation or range of random numbers changes/, step: () => { let n = 0; return (x) => tf.add(x, n++ ? tf.randomNormal([3]) : tf.randomUniform([3])); } }, // another kind of noise
  { name: 'a counter', because: changes, step: () => { let n = 0; return (x) => tf.mul(x, n++); } }, // a counter
  { name: 'a counter as an attribute', because: changes, step: () => { let n = 0; return (x) => tf.clipByValue(x, 0, n++); } }, // a counter as an attribute
  { name: 'the clock', because: changes, step: () => (x) => tf.mul(x, Date.now()) }, // the clock
  { name: 'a branch that alternates', because: changes, step: () => { let n = 0; return (x) => (n++ % 2 ? tf.exp(x) : tf.sin(x)); } }, // a branch that alternates
  { name: 'one operation more', because: changes, step: () => { let n = 0; return (x) => (n++ ? tf.exp(tf.sin(x)) : tf.sin(x)); }, noLine: true },
  { name: 'another input', because: changes, step: () => { let n = 0; return (x, w) => tf.sin(n++ ? x : w); } }, // another input
  { name: 'another captured tensor', because: changes, step: () => { const two = [tf.tensor([1, 2, 3]), tf.tensor([4, 5, 6])] as const; let n = 0; return (x) => tf.mul(x, two[n++ ? 1 : 0]); } }, // another captured tensor
  { name: 'a constant as the result', because: changes, step: () => { let n = 0; return () => tf.scalar(n++); }, noLine: true },
  { name: 'a tensor of the step before', because: /earlier training step/, step: () => { let last: tf.Tensor | undefined; return (x) => { const y = last ? tf.add(x, last) : x; last = tf.keep(tf.square(x)); return y; }; } }, // a tensor of the step before
  { name: 'a variable made', because: made, step: () => (x) => tf.mul(x, tf.variable(tf.ones([3]))) }, // a variable made
  { name: 'a layer made', because: made, step: () => (x) => tf.layers.dense({ units: 2 }).apply(tf.expandDims(x)) as tf.Tensor }, // a layer made
  { name: 'an optimizer made', because: made, step: () => (x, w) => { tf.train.adam(0.1).minimize(() => tf.sum(tf.mul(x, w))); return x; } }, // an optimizer made
  { name: 'an unknown variable', because: /uses the variable "another"/, step: () => (x) => tf.mul(x, own) }, // an unknown variable
  { name: 'an unknown variable read', because: read, step: () => (x) => tf.mul(x, own.dataSync()[0] ?? 0) }, // an unknown variable read
  { name: 'an operation without a rule', because: /"Unique" cannot be compiled/, step: () => (x) => tf.unique(x).values }, // an operation without a rule
  { name: 'complex numbers', because: /cannot be compiled/, step: () => (x) => tf.real(tf.spectral.fft(tf.complex(x, x))) }, // complex numbers
  { name: 'strings', because: /type string cannot be compiled/, step: () => (x) => { tf.tensor(['a']); return x; } }, // strings
  { name: 'sizes that depend on values', because: read, step: () => (x) => { void tf.booleanMaskAsync(x, tf.greater(x, 0)); return x; } }, // sizes that depend on values
];
const source = readFileSync(__filename, 'utf8').split('\n');
const lineOf = (name: string): number => source.findIndex((line) => line.endsWith(`// ${name}`)) + 1;

function state(): unknown {
  const { registeredVariables, gradientDepth, kernelDepth, scopeStack } = tf.engine().state;
  return {
    memory: tf.memory(), backend: tf.getBackend(), data: tf.backend().numDataIds(), random: Math.random, now: Date.now, frames: Error.stackTraceLimit, gradientDepth, kernelDepth, scopes: scopeStack.length,
    variables: Object.values(registeredVariables).map((variable) => [variable.name, variable.dataId, variable.isDisposed]), makesVariables: Object.hasOwn(tf.engine(), 'makeVariable'),
  };
}

describe('a step that cannot be compiled', () => {
  it.each(refused)('is refused with its line: $name', ({ name, step, because, noLine }) => {
    const w = tf.variable(tf.tensor([1, 2, 3]));
    const run = step();
    const before = state();
    let error: unknown;
    try {
      trace({
        inputs: [{ name: 'x', shape: [3] }], variables: [{ name: 'w', variable: w }],
        step: ({ x }) => {
          const result = run(x as tf.Tensor, w);
          return (result instanceof Promise ? result : { y: result }) as Record<string, tf.Tensor>;
        },
      });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(NotCompilableError);
    const { message, madeAt } = error as NotCompilableError;
    expect(message).toMatch(because);
    if (!noLine) expect(madeAt).toBe(`${__filename}:${lineOf(name)}`);
    expect(state()).toEqual(before);
    w.dispose();
  });

  it('is refused inside a gradient, and leaves no tape', () => {
    const w = tf.variable(tf.tensor([1, 2, 3]));
    const before = state();
    expect(() => trace({ inputs: [{ name: 'x', shape: [3] }], variables: [{ name: 'w', variable: w }], step: ({ x }) => {
      const { value } = tf.variableGrads(() => tf.sum(tf.mul(tf.exp(w), tf.exp(x as tf.Tensor).dataSync()[0] ?? 0)));
      return { value };
    } })).toThrow(read);
    expect(state()).toEqual(before);
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(w)), [w]);
    expect(Object.values(grads).map((g) => Array.from(g.dataSync()))).toEqual([[2, 4, 6]]);
    tf.dispose(Object.values(grads));
    w.dispose();
  });

  it('throws its own errors as they are', () => {
    const before = state();
    expect(() => trace({ inputs: [], variables: [], step: () => { throw new RangeError('mine'); } })).toThrow(new RangeError('mine'));
    expect(() => trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => ({ y: tf.reshape(x as tf.Tensor, [2, 2]) }) })).toThrow(/new shape|size/i);
    expect(state()).toEqual(before);
  });
});

describe('a step that can', () => {
  it('may read what is known, and use tensors from outside', () => {
    const before = state();
    const { graph } = trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => ({ y: tf.mul(x as tf.Tensor, tf.add(captured, tf.scalar(4).dataSync()[0] ?? 0)) }) });
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[5, 6, 7]]);
    expect(graph.calls.map(({ kernel, madeAt }) => [kernel, madeAt?.startsWith(__filename)])).toEqual([['Multiply', true]]);
    expect(state()).toEqual(before);
  });

  it('uses the value that an outside copy of a variable had, not the variable', () => {
    const w = tf.variable(tf.tensor([1, 2, 3]));
    const initial = tf.clone(w);
    const { graph } = trace({ inputs: [], variables: [{ name: 'w', variable: w }], step: () => ({ y: tf.sub(w, initial) }) });
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[1, 2, 3]]);
    expect(graph.calls[0]?.inputs[0]).toEqual(graph.inputs[0]?.value);
    tf.dispose([w, initial]);
  });

  it('gives what it assigns as outputs, in order, and keeps the variables', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name, i) => ({ name, variable: tf.variable(tf.tensor([i, i])) }));
    if (!a || !b || !c) throw new Error('no variables');
    const before = state();
    const { graph, assigned } = trace({ inputs: [{ name: 'x', shape: [2] }], variables: [a, b, c], step: ({ x }) => {
      a.variable.assign(tf.add(a.variable, x as tf.Tensor));
      a.variable.assign(tf.mul(a.variable, 2)); // reads what was just assigned
      b.variable.assign(captured.slice([0], [2]));
      return { y: tf.sum(a.variable), c: c.variable };
    } });
    expect(assigned).toEqual(['a', 'b']);
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x', 'a', 'b', 'c']);
    expect(graph.outputs.map(({ name }) => name)).toEqual(['y', 'c', 'assign:a', 'assign:b']);
    expect(graph.calls.map(({ kernel }) => kernel)).toEqual(['Add', 'Multiply', 'Sum']);
    expect(graph.constants.map(({ data }) => [...data])).toEqual([[2], [1, 2]]);
    expect(graph.outputs[1]?.value).toEqual(graph.inputs[3]?.value);
    expect(state()).toEqual(before);
    expect([a, b, c].map(({ variable }) => [...variable.dataSync()])).toEqual([[0, 0], [1, 1], [2, 2]]);
    for (const { variable } of [a, b, c]) variable.dispose();
  });

  it('may run in TensorFlow.js\'s debug mode', () => {
    tf.env().set('DEBUG', true);
    try {
      const { graph } = trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => ({ y: tf.square(x as tf.Tensor) }) });
      expect([graph.calls.length, tf.env().getBool('DEBUG')]).toEqual([1, true]);
    } finally {
      tf.env().set('DEBUG', false);
    }
  });

  it('has inputs of different names, and variables that live', () => {
    const w = tf.variable(tf.tensor([1]));
    const step = (): Record<string, tf.Tensor> => ({});
    expect(() => trace({ inputs: [{ name: 'w', shape: [1] }], variables: [{ name: 'w', variable: w }], step })).toThrow('one name: w, w');
    w.dispose();
    expect(() => trace({ inputs: [], variables: [{ name: 'w', variable: w }], step })).toThrow('is disposed');
  });

  it('is known again, and told from another', () => {
    const traced = (factor: number, noise: number) => trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => ({ y: tf.add(tf.mul(x as tf.Tensor, factor), tf.randomNormal([3], 0, noise)) }) });
    const one = traced(2, 1);
    expect([traced(2, 1), traced(3, 1), traced(2, 0.5)].map((other) => isSameStep(one, other))).toEqual([true, false, false]);
  });

  it('frees what the person kept of it', () => {
    const kept: tf.Tensor[] = [];
    const before = state();
    trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => {
      kept.push(tf.keep(tf.square(x as tf.Tensor)));
      return { y: tf.square(x as tf.Tensor) };
    } });
    for (const tensor of kept) tensor.dispose();
    expect(state()).toEqual(before);
  });

  it('disposes a tensor from outside once, and it is counted', () => {
    const temporary = tf.tensor([1, 2, 3]);
    const { numTensors } = tf.memory();
    const data = tf.backend().numDataIds();
    trace({ inputs: [{ name: 'x', shape: [3] }], variables: [], step: ({ x }) => {
      temporary.dispose();
      return { y: tf.square(x as tf.Tensor) };
    } });
    expect([tf.memory().numTensors, tf.backend().numDataIds()]).toEqual([numTensors - 1, data - 1]);
  });
});

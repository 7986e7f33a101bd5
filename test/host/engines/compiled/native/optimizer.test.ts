import { describe, expect, it } from 'vitest';
import { NativeMemory } from '../../../../../src/host/engines/compiled/native/memory';
import { NativeOptimizer } from '../../../../../src/host/engines/compiled/native/optimizer';
import { adam, sgd, type OptimizerDescription } from '../../../../../src/vae/index';
import { descriptions, furthest, pytorch } from '../../optimizerRuns';

/** One weight after its gradients, in double precision, by the papers' formulas written out. */
function closedForm(o: OptimizerDescription, start: number, gradients: readonly number[]): number {
  let w = start;
  gradients.forEach((_, last) => {
    /** Sum over the gradients so far, the newest weighing 1, each older one `decay` times less. */
    const moving = (decay: number, power: number): number => gradients.slice(0, last + 1).reduce((sum, g, s) => sum + decay ** (last - s) * g ** power, 0);
    const t = last + 1;
    if (o.kind === 'sgd') w -= o.learningRate * (o.nesterov ? (gradients[last] ?? NaN) + o.momentum * moving(o.momentum, 1) : moving(o.momentum, 1));
    else if (o.kind === 'rmsprop') w -= o.learningRate * (gradients[last] ?? 0) / (Math.sqrt((1 - o.decay) * moving(o.decay, 2)) + o.epsilon);
    else {
      const mean = (1 - o.beta1) * moving(o.beta1, 1) / (1 - o.beta1 ** t);
      const square = (1 - o.beta2) * moving(o.beta2, 2) / (1 - o.beta2 ** t);
      if (o.kind === 'adamw') w -= o.learningRate * o.weightDecay * w;
      w -= o.learningRate * mean / (Math.sqrt(square) + o.epsilon);
    }
  });
  return w;
}

async function setUp(description: OptimizerDescription, starts: readonly (readonly number[])[], clipNorm?: number) {
  const slots = 2 + NativeOptimizer.slotCount(description);
  const memory = await NativeMemory.create(starts.flatMap(({ length }) => Array.from({ length: slots }, () => 4 * length)));
  const tensors = starts.map((start, i) => {
    const [weight, gradient] = [memory.floats(start.length), memory.floats(start.length)];
    weight.values.set(start);
    return { name: `w${i}`, weight, gradient };
  });
  return { memory, tensors, optimizer: new NativeOptimizer(memory, description, tensors, clipNorm) };
}

describe('the optimizers in WebAssembly', () => {
  it('are all in the fixture', () => { expect(Object.keys(pytorch.runs).sort()).toEqual(Object.keys(descriptions).sort()); });

  it.each([['the last of a long one', 0, 66], ['the first', 1, 0], ['the middle of a long one', 0, 40]])('make no update where a gradient is not finite: %s', async (_, of, at) => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const { tensors, optimizer } = await setUp(adam(), [new Array<number>(67).fill(1), [1, 1, 1]]);
      for (const { gradient } of tensors) gradient.values.fill(1e30);
      tensors[of]?.gradient.values.set([bad], at);
      expect(optimizer.apply(1e-3)).toBeNaN();
      expect([tensors.flatMap(({ weight }) => [...weight.values]).every((value) => value === 1), optimizer.updates, optimizer.slots.every(({ values }) => values.every((value) => value === 0))]).toEqual([true, 0, true]);
      tensors[of]?.gradient.values.set([1], at);
      optimizer.apply(1e-3);
      expect([optimizer.updates, tensors[of]?.weight.values[at]]).toEqual([1, expect.not.closeTo(1, 5)]);
    }
  });

  it.each(Object.entries(descriptions))('equal PyTorch after 20 updates: %s', async (name, description) => {
    const run = pytorch.runs[name];
    const { tensors, optimizer } = await setUp(description, pytorch.weights, run?.clip);
    const norms: number[] = [];
    for (const step of pytorch.gradients) {
      tensors.forEach(({ gradient }, t) => { gradient.values.set(step[t] ?? []); });
      norms.push(optimizer.apply(description.learningRate));
    }
    expect(optimizer.updates).toBe(20);
    for (const [t, { weight }] of tensors.entries()) expect(furthest(weight.values, run?.weights[t] ?? [])).toBeLessThan(1e-6);
    expect(furthest(norms, run?.norms ?? [])).toBeLessThan(1e-5);
  });

  it.each(Object.entries(descriptions).filter(([name]) => !name.includes('clipped')))('equal their formulas in double precision: %s', async (_, description) => {
    const { tensors, optimizer } = await setUp(description, pytorch.weights);
    for (const step of pytorch.gradients) {
      tensors.forEach(({ gradient }, t) => { gradient.values.set(step[t] ?? []); });
      optimizer.apply(description.learningRate);
    }
    for (const [t, { weight }] of tensors.entries()) {
      const wanted = pytorch.weights[t]?.map((start, i) => closedForm(description, start, pytorch.gradients.map((step) => step[t]?.[i] ?? NaN))) ?? [];
      expect(furthest(weight.values, wanted)).toBeLessThan(1e-6);
    }
  });

  it('take a learning rate that changes', async () => {
    const { tensors: [only], optimizer } = await setUp(sgd(), [[1, 1, 1]]);
    only?.gradient.values.set([1, 2, 4]);
    optimizer.apply(0.5);
    optimizer.apply(0.25);
    expect([...only?.weight.values ?? []]).toEqual([0.25, -0.5, -2]);
  });

  it('go on from saved slots bit for bit', async () => {
    const step = (run: Awaited<ReturnType<typeof setUp>>, k: number): void => {
      run.tensors.forEach(({ gradient }, t) => { gradient.values.set(pytorch.gradients[k]?.[t] ?? []); });
      run.optimizer.apply(0.01);
    };
    const whole = await setUp(adam(), pytorch.weights);
    for (let k = 0; k < 10; k++) step(whole, k);
    const resumed = await setUp(adam(), whole.tensors.map(({ weight }) => [...weight.values]));
    expect(resumed.optimizer.slots.map(({ name }) => name)).toEqual(['optimizer/m/w0', 'optimizer/v/w0', 'optimizer/m/w1', 'optimizer/v/w1']);
    resumed.optimizer.slots.forEach(({ values }, i) => { values.set(whole.optimizer.slots[i]?.values ?? []); });
    resumed.optimizer.updates = whole.optimizer.updates;
    for (let k = 10; k < 20; k++) for (const run of [whole, resumed]) step(run, k);
    expect(resumed.tensors.map(({ weight }) => weight.values)).toEqual(whole.tensors.map(({ weight }) => weight.values));
    expect(resumed.optimizer.slots).toEqual(whole.optimizer.slots);
  });

  it('let moments end at 0 instead of going where processors are slow, and let NaN through', async () => {
    const { tensors: [only], optimizer } = await setUp(adam(), [[0, 0, 0, 0, 0]]);
    only?.gradient.values.set([1e-3, 1, 0, -1e-3, 0]);
    optimizer.apply(1e-3);
    only?.gradient.values.fill(0);
    const m = optimizer.slots[0]?.values ?? new Float32Array(0);
    m[4] = NaN;
    const seen: number[] = [];
    for (let k = 0; k < 900; k++) {
      optimizer.apply(1e-3);
      seen.push(...m);
    }
    expect(seen.filter((value) => value !== 0 && Math.abs(value) < 2 ** -126)).toEqual([]);
    expect(seen.filter((value) => value !== 0 && Math.abs(value) < 2 ** -122).length).toBeGreaterThan(0); // but it came near
    expect([...m]).toEqual([0, 0, 0, 0, NaN]); // 0.9^900 of 1e-4 is 7e-46
    expect(only?.weight.values[4]).toBeNaN();
  });

  it('leave their neighbours alone, whatever the length', async () => {
    const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const { tensors, optimizer } = await setUp(adam(), lengths.map((length) => Array.from({ length }, (_, i) => i)));
    tensors[3]?.gradient.values.fill(1);
    optimizer.apply(0.1);
    tensors.forEach(({ weight }, t) => { if (t !== 3) expect([...weight.values]).toEqual(Array.from(weight.values, (_, i) => i)); });
    expect(tensors[3]?.weight.values[0]).toBeCloseTo(-0.1, 6);
  });
});

describe('gradient norms', () => {
  it('sum squares exactly, to the last element and no further', async () => {
    const lengths = [1, 3, 4, 7, 64, 1001];
    const { tensors, optimizer } = await setUp(sgd(), lengths.map((length) => new Array<number>(length).fill(0)));
    tensors.forEach(({ gradient }, t) => { gradient.values.forEach((_, i) => { gradient.values[i] = Math.sin(i + t + 1) * 1e3; }); });
    for (const { gradient: { address, values } } of tensors) new Float32Array(values.buffer, address + 4 * values.length, (4 - values.length % 4) % 4).fill(1e6);
    optimizer.squaredNorms().forEach((got, t) => {
      const wanted = tensors[t]?.gradient.values.reduce((sum, g) => sum + g * g, 0) ?? NaN;
      expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-12);
    });
  });
  it('are Adam\'s own sum of a million squares as well', async () => {
    const { tensors, optimizer } = await setUp(adam(), [1e6, 1001, 3].map((length) => new Array<number>(length).fill(0)));
    tensors.forEach(({ gradient }, t) => { gradient.values.forEach((_, i) => { gradient.values[i] = Math.sin(i + t + 1); }); });
    const wanted = Math.sqrt(optimizer.squaredNorms().reduce((a, b) => a + b, 0));
    expect(Math.abs(optimizer.apply(1e-3) / wanted - 1)).toBeLessThan(1e-7);
  });
  it('that are not finite are seen', async () => {
    const { tensors: [only], optimizer } = await setUp(sgd(), [[0, 0]], 1);
    only?.gradient.values.set([NaN, 1]);
    expect(optimizer.clip(1)).toBeNaN();
    expect([...only?.gradient.values ?? []]).toEqual([NaN, NaN]);
  });
});

describe('NativeMemory', () => {
  it('hands out aligned zeros that are its own, and says when it is full', async () => {
    const memory = await NativeMemory.create([4 * 5, 7, 4 * 20_000]);
    const [a, b, c] = [memory.floats(5), memory.bytes(7), memory.floats(20_000)];
    expect([a.address % 16, b.address % 16, c.address % 16]).toEqual([0, 0, 0]);
    a.values.fill(1);
    b.values.fill(255);
    expect(c.values.every((value) => value === 0)).toBe(true);
    expect(() => memory.floats(1e6)).toThrow(RangeError);
    expect(a.values.buffer).toBe(c.values.buffer);
  });
});

import { describe, expect, it } from 'vitest';
import type { Value } from '../../../src/host/engines/compiled/graph';
import { loadRuntime, OnnxSession } from '../../../src/host/engines/compiled/onnxSession';
import { deviceOptimizer } from '../../../src/host/engines/webgpu/optimizers';
import { slotsOf, updateModel } from '../../../src/host/engines/webgpu/trainingGraph';
import { descriptions, furthest, pytorch } from './optimizerRuns';

// The same ONNX model that a graphics card runs, run here by onnxruntime's CPU.
describe('the optimizers of webgpu', () => {
  it.each(Object.entries(descriptions))('equal PyTorch after 20 updates: %s', async (name, optimizer) => {
    const run = pytorch.runs[name];
    let id = 0;
    const valueOf = (length: number | undefined): Value => ({ id: id++, shape: length === undefined ? [] : [length], dtype: 'float32' });
    const weights = pytorch.weights.map((values, t) => ({ name: `w${t}`, shape: [values.length], values: Float32Array.from(values), value: valueOf(values.length), gradient: valueOf(values.length) }));
    const loss = { name: 'loss', value: valueOf(undefined) };
    const given = weights.map(({ name: weight, gradient }) => ({ name: `given:${weight}`, value: gradient }));
    const inputs = [...weights, ...given, { name: 'x', value: loss.value }].map(({ name: input, value }) => ({ name: input, value }));
    const options = { weights, trainable: new Set(weights.map(({ name: weight }) => weight)), optimizer, clipNorm: run?.clip };
    const lowered = updateModel({ graph: { inputs, constants: [], calls: [], outputs: [loss, ...weights.map(({ name: weight, gradient }) => ({ name: `gradient:${weight}`, value: gradient }))] }, noise: [], assigned: [] }, options);
    const session = new OnnxSession(await loadRuntime(), lowered.model, 1);
    const state = new Map([...weights.map(({ name: weight, values }) => [weight, values] as const), ...slotsOf(options).map(({ name: slot, shape }) => [slot, new Float32Array(shape[0] ?? 0)] as const)]);
    const norms = pytorch.gradients.map((step, i) => {
      const scalars = deviceOptimizer(optimizer).scalars(optimizer.learningRate, i + 1);
      const feeds = Object.fromEntries(lowered.inputs.map((input) => {
        const values = state.get(input) ?? (input.startsWith('given:') ? Float32Array.from(step[Number(input.slice('given:w'.length))] ?? []) : Float32Array.of(scalars[input.slice('optimizer:'.length)] ?? 0));
        return [input, session.tensor(values, state.has(input) || input.startsWith('given:') ? [values.length] : [])];
      }));
      const made = new Map(lowered.outputs.map((output) => [output, new Float32Array(state.get(output.slice('new:'.length))?.length ?? 1)]));
      session.run(feeds, Object.fromEntries([...made].map(([output, values]) => [output, session.tensor(values, output.startsWith('new:') ? [values.length] : [])])));
      for (const slot of state.keys()) state.set(slot, made.get(`new:${slot}`) ?? new Float32Array(0));
      return made.get('norm')?.[0] ?? NaN;
    });
    session.dispose();
    for (const [t, { name: weight }] of weights.entries()) expect(furthest(state.get(weight) ?? [], run?.weights[t] ?? [])).toBeLessThan(1e-6);
    expect(furthest(norms, run?.norms ?? [])).toBeLessThan(1e-5);
  });
});

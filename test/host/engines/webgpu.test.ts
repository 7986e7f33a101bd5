import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../../../src/host/loadModel';
import { EngineLostError, EngineUnavailableError, startEngine, UnsupportedModelError, type Batch, type DataFacts, type Origin, type Program } from '../../../src/host/engines/index';
import { gradientError, gradientGate } from '../../../src/host/engines/gate';
import { Random } from '../../../src/host/training/index';
import { hasVulkan, vulkanEnvironment } from './available';
import { childrenOf } from './children';

const SHAPE = [8, 8, 1] as const;
const COUNT = 4;
const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-webgpu-'));
const kept = { ...process.env };
beforeAll(() => { Object.assign(process.env, vulkanEnvironment); });
afterAll(() => {
  process.env = kept;
  rmSync(top, { recursive: true, force: true });
});
const programs: Program[] = [];
afterEach(() => { for (const program of programs.splice(0)) program.dispose(); });

const text = (encoder: string, decoder: string, training = '') => `import { adamw, rmsprop, sgd, sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites(), latentDim: 2, encoder: ({ layers }) => [${encoder}], decoder: ({ layers }) => [${decoder}], training: { batchSize: ${COUNT}, ${training} } });
`;
const dense = (training = '') => text('layers.flatten(), layers.dense({ units: 6, activation: "relu" })', 'layers.dense({ units: 6, activation: "relu" })', training);
const convolutional = text(
  'layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: "same", useBias: false }), layers.batchNormalization(), layers.reLU(), layers.flatten()',
  'layers.dense({ units: 4 * 4 * 2, activation: "relu" }), layers.reshape({ targetShape: [4, 4, 2] }), layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same", activation: "relu" })', 'clipNorm: 20');

/** The same model on WebGPU, in a process of its own, and on TensorFlow.js in plain JavaScript. */
async function both(source: string, oracle = true, data?: DataFacts) {
  const modelFile = path.join(top, 'small.vae.ts');
  writeFileSync(modelFile, source);
  const origin: Origin = { modelFile, modelName: 'small', source, node: process.execPath, script: path.resolve('dist/host.js') };
  const { model } = await loadModel(modelFile, 'small');
  const engine = await startEngine.webgpu();
  const program = await engine.build(model, 1, SHAPE, data, origin);
  programs.push(program);
  const eager = oracle ? await (await startEngine.cpu()).build(model, 1, SHAPE, data) : program;
  if (oracle) programs.push(eager);
  return { engine, model, program, eager };
}
const random = new Random(5);
const drawn = (): { batch: Batch; noise: Float32Array } => ({ batch: { count: COUNT, data: Float32Array.from({ length: COUNT * 64 }, () => random.uniform()) }, noise: random.normals(COUNT * 2) });
const near = (given: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = 1e-4): void => {
  expect(given.length).toBe(wanted.length);
  expect(Math.max(...Array.from(given, (value, i) => Math.abs(value - (wanted[i] ?? NaN))))).toBeLessThan(tolerance);
};

describe.skipIf(!hasVulkan)('the engine webgpu, on a graphics card made of software', () => {
  it.each([
    ['conditionalVae', 'latentDim: 2, encoder: ({ layers }) => [layers.flatten()], decoder: () => []'],
    ['autoencoder', 'latentDim: 2, encoder: ({ layers }) => [layers.flatten()], decoder: () => []'],
    ['vqVae', 'grid: [8, 8], codes: 5, codeDim: 2, encoder: () => [], decoder: ({ layers }) => [layers.flatten()]'],
  ])('trains a model of %s, and looks at it, as TensorFlow.js does', async (kind, own) => {
    const { model, program, eager } = await both(`import { ${kind}, sprites } from 'vae-lab';
export const small = ${kind}({ data: sprites(), ${own}, training: { batchSize: ${COUNT} } });
`, true, { trainCount: 100, classes: 3 });
    const labels = Int32Array.of(0, 2, 1, 2);
    const batch = { ...drawn().batch, labels };
    const noise = random.normals(COUNT * model.latentDim);
    for (let i = 0; i < 3; i++) near([(await program.step(batch, noise, { learningRate: 1e-3 })).loss], [(await eager.step(batch, noise, { learningRate: 1e-3 })).loss], 1e-2);
    await program.setState(await eager.getState());
    const [given, wanted] = [await program.encode(batch), await eager.encode(batch)];
    near(given.mean, wanted.mean);
    if (kind === 'conditionalVae') near(given.logVariance, wanted.logVariance); else expect(given.logVariance).toEqual(new Float32Array(COUNT * model.latentDim).fill(-Infinity));
    const rows = Float32Array.from({ length: 3 * COUNT }, (_, i) => (labels[Math.floor(i / 3)] === i % 3 ? 1 : 0));
    near(await program.decode(wanted.mean, COUNT, rows), await eager.decode(wanted.mean, COUNT, rows));
    const [terms, eagerly] = [await program.terms(batch, noise, 1, { learningRate: 0 }), await eager.terms(batch, noise, 1, { learningRate: 0 })];
    expect(Object.keys(terms)).toEqual(Object.keys(eagerly));
    for (const name of ['reconstruction', 'logWeight', 'kl'] as const) near(terms[name] ?? [0], eagerly[name] ?? [0], 1e-2);
  });
  it('trains a convolutional model as TensorFlow.js does, its state on the device; looks at it; and its gradients pass the gate', async () => {
    const { engine, model, program, eager } = await both(convolutional);
    expect(engine.device).toMatch(/^WebGPU, onnxruntime \d/);
    expect((await gradientGate(program, { name: 'cpu', program: eager }, model, SHAPE)).passed).toBe(true);
    await eager.setState(await program.getState()); // the gate moved its batch-norm averages
    for (let i = 0; i < 5; i++) {
      const { batch, noise } = drawn();
      const [given, wanted] = [await program.step(batch, noise, { learningRate: 1e-3, beta: 1 }, i === 3), await eager.step(batch, noise, { learningRate: 1e-3, beta: 1 }, i === 3)];
      near([given.loss, given.gradientNorm], [wanted.loss, wanted.gradientNorm], 1e-2);
      expect(given.weights?.map(({ name }) => name)).toEqual(wanted.weights?.map(({ name }) => name));
    }
    const [given, wanted] = [await program.getState(), await eager.getState()];
    expect(given.map(({ name, shape }) => [name, shape])).toEqual(wanted.map(({ name, shape }) => [name, shape]));
    given.forEach(({ name, data }, i) => { if (!name.startsWith('optimizer/')) near(data, wanted[i]?.data ?? [], 5e-3); }); // where a gradient is about 0, Adam divides its rounding by itself
    const { batch, noise } = drawn();
    await program.setState(wanted);
    near([(await program.evaluate(batch, noise, { learningRate: 0, beta: 1 })).loss], [(await eager.evaluate(batch, noise, { learningRate: 0, beta: 1 })).loss], 1e-3);
    near((await program.encode(batch)).mean, (await eager.encode(batch)).mean);
    near(await program.decode(new Float32Array(4).fill(0.3), 2), await eager.decode(new Float32Array(4).fill(0.3), 2));
    expect(await program.renew?.()).toBe(false);
    const values = { learningRate: 0, beta: 1 };
    const asCode = await program.eagerGradients?.(batch, noise, values);
    expect([asCode?.oracle, gradientError(await program.gradients(batch, noise, values), asCode?.tensors ?? []) < 1e-3]).toEqual(['cpu', true]);
  }, 600_000);

  it('makes no update from a loss that is not finite, and finds where that began', async () => {
    const { program } = await both(dense(), false);
    const before = await program.getState();
    const { batch, noise } = drawn();
    const bad = { ...batch, data: batch.data.map((value, i) => (i === 7 ? NaN : value)) };
    expect((await program.step(bad, noise, { learningRate: 1e-3, beta: 1 })).loss).toBeNaN();
    expect(await program.getState()).toEqual(before);
    expect(await program.findNonFinite(bad, noise, { learningRate: 1e-3, beta: 1 }, true)).toMatchObject({ operation: expect.any(String) as string });
  }, 600_000);

  it('makes no update from a gradient that is not finite, of a loss that is, and finds the operation', async () => {
    const rooted = `import * as tf from '@tensorflow/tfjs';\n${dense()}`.replace(/encoder: .*?\], decoder/, `encoder: ({ layers }) => {
  const hidden = layers.dense({ units: 6 });
  return (x) => {
    const r = tf.relu(hidden.apply(tf.reshape(x, [-1, 64])));
    return tf.where(tf.greater(r, 0), tf.sqrt(r), tf.zerosLike(r));
  };
}, decoder`);
    const { program } = await both(rooted, false);
    const { batch, noise } = drawn();
    const before = await program.getState();
    const { loss, gradientNorm } = await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
    expect([Number.isFinite(loss), Number.isFinite(gradientNorm)]).toEqual([true, false]);
    expect(await program.getState()).toEqual(before);
    expect(await program.findNonFinite(batch, noise, { learningRate: 1e-3, beta: 1 }, true)).toEqual({ operation: 'Sqrt', ofGradient: true, madeAt: `${path.join(top, 'small.vae.ts')}:7` });
  }, 600_000);

  it('says when its process is taken down, and when it hangs, whatever was asked', async () => {
    const { program } = await both(dense(), false);
    const { batch, noise } = drawn();
    const [pid = 0] = childrenOf(process.pid, '"role":"program"');
    process.kill(pid, 'SIGSTOP');
    process.env['VAE_LAB_DEVICE_MS'] = '300';
    const error = await program.step(batch, noise, { learningRate: 1e-3, beta: 1 }).catch((reason: unknown) => reason);
    delete process.env['VAE_LAB_DEVICE_MS'];
    expect(error).toEqual(new EngineLostError('The graphics driver did not answer for 0.3 s.'));
    await expect(program.getState()).rejects.toBeInstanceOf(EngineLostError);
    const { program: other } = await both(dense(), false);
    const asked = other.step(batch, noise, { learningRate: 1e-3, beta: 1 }).catch((reason: unknown) => reason);
    process.kill(childrenOf(process.pid, '"role":"program"')[0] ?? 0, 'SIGKILL');
    expect(await asked).toEqual(new EngineLostError('The process that computed on WebGPU ended (SIGKILL): its graphics driver failed.'));
  }, 600_000);

  it('refuses what cannot be traced, with the person\'s line; and says so where no card answers', async () => {
    const reading = `import * as tf from '@tensorflow/tfjs';\n${dense()}`.replace(/encoder: .*?\], decoder/, 'encoder: ({ variable }) => { const w = variable("w", [64, 4]); return (x) => { x.dataSync(); return tf.matMul(tf.reshape(x, [-1, 64]), w); }; }, decoder');
    await expect(both(reading, false)).rejects.toBeInstanceOf(UnsupportedModelError);
    process.env['VK_ICD_FILENAMES'] = process.env['VK_DRIVER_FILES'] = path.join(top, 'none.json');
    await expect(both(dense(), false)).rejects.toThrow(EngineUnavailableError);
    await expect(both(dense(), false)).rejects.toThrow('No graphics card answers through WebGPU.');
    Object.assign(process.env, vulkanEnvironment);
  }, 600_000);
});


import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { nvidiaGpus, parseGpus } from '../../../src/components/nvidia';
import { adam, sprites, vae, type VaeConfig, type VaeModel } from '../../../src/vae/index';
import { buildProgram, EngineError, passGate, startEngine, type Batch, type NamedTensor, type Program } from '../../../src/host/engines/index';
import { onBackend } from '../../../src/host/engines/backends';
import { gradientError } from '../../../src/host/engines/gate';
import { loadFailure } from '../../../src/host/engines/tensorflow/binding';
import { explainTensorflow } from '../../../src/host/engines/tensorflow/failures';
import { Random } from '../../../src/host/training/index';
import { hasTensorflow } from './available';

const fixture = (name: string): string => readFileSync(path.join('test', 'fixtures', 'tensorflow', name), 'utf8');
const shape = [8, 8, 1] as const;
const random = new Random(5);
const batch: Batch = { count: 6, data: Float32Array.from({ length: 6 * 64 }, () => random.uniform()) };
const noise = random.normals(18);
const dense = (changes: Partial<VaeConfig> = {}) => vae({
  data: sprites(), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 12, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 12, activation: 'relu' })], ...changes,
});
const convolutional = () => dense({
  encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.activation({ activation: 'relu' }), layers.flatten()],
  decoder: ({ layers }) => [layers.dense({ units: 64, activation: 'relu' }), layers.reshape({ targetShape: [4, 4, 4] }), layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' })],
});
const pooled = () => dense({ encoder: ({ layers }) => [layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' }), layers.conv2d({ filters: 2, kernelSize: 2 }), layers.averagePooling2d({ poolSize: 2, strides: 2, padding: 'same' }), layers.flatten()] });
const weightsOf = (state: readonly NamedTensor[]): NamedTensor[] => state.filter(({ name }) => !name.startsWith('optimizer/'));
async function losses(program: Program, steps: number): Promise<number[]> {
  const made: number[] = [];
  for (let i = 0; i < steps; i++) made.push((await program.step(batch, noise, { learningRate: 1e-2, beta: 1 })).loss);
  return made;
}

/** Built as one graph, or operation by operation. */
async function built(way: 'graph' | 'eager', model: VaeModel): Promise<Program> {
  const engine = await startEngine.tensorflow();
  return (way === 'graph' ? engine : engine.eager ?? engine).build(model, 1, shape);
}

it.skipIf(!hasTensorflow)('multiplies batches of which an axis is one by one matrix, which TensorFlow\'s own product writes past its memory for', async () => {
  await startEngine.tensorflow();
  const given = (of: readonly number[], seed: number): tf.Tensor => tf.tensor(new Random(seed).normals(of.reduce((x, y) => x * y, 1)), [...of]);
  const product = (a: readonly number[], b: readonly number[]): number[] => tf.tidy(() => [...tf.matMul(given(a, 1), given(b, 2)).dataSync()]);
  for (const [a, b] of [[[13, 1, 3, 4], [1, 1, 4, 16]], [[13, 1, 3, 4], [4, 16]], [[1, 3, 4], [13, 4, 16]]] as const) {
    const wanted = await onBackend('cpu', () => product(a, b));
    for (let time = 0; time < 50; time++) {
      const got = await onBackend('tensorflow', () => product(a, b));
      expect(Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))))).toBeLessThan(1e-5);
    }
  }
});

const bounded = [-Infinity, -2, -1, -0.5, 0, 0.5, 1, 3, Infinity, NaN, -1, 1];
it.skipIf(!hasTensorflow).each([
  ['clipByValue, its bounds included', (x: tf.Tensor) => tf.clipByValue(x, -1, 1)],
  ['mean of all', (x: tf.Tensor) => tf.mean(x)], ['mean of one axis', (x: tf.Tensor) => tf.mean(x, -1)], ['mean of two axes', (x: tf.Tensor) => tf.mean(x, [0, 2])],
  ['mean whose axes are kept', (x: tf.Tensor) => tf.mean(x, [1], true)],
] as const)('gives the gradient of %s as TensorFlow.js does', async (_, of) => {
  await startEngine.tensorflow();
  const gradient = (): number[] => tf.tidy(() => [...tf.grad((x) => tf.mul(of(x), tf.add(tf.range(0, of(x).size).reshape(of(x).shape), 1)))(tf.tensor(bounded, [2, 3, 2])).dataSync()]);
  const [wanted, got] = [await onBackend('cpu', gradient), await onBackend('tensorflow', gradient)];
  got.forEach((value, i) => { expect(value).toBeCloseTo(wanted[i] ?? NaN, 6); });
});

describe.skipIf(!hasTensorflow).each(['graph', 'eager'] as const)('engine tensorflow, %s', (way) => {
  it.each([['dense', dense], ['convolutional with batch normalization', convolutional], ['pooling', pooled]] as const)('passes the gradient gate on a %s model, which leaves it as it was', async (_, model) => {
    const program = await built(way, model());
    const gate = await passGate('tensorflow', program, model(), 1, shape);
    expect((await startEngine.tensorflow()).device).toMatch(/^(CPU|GPU, .+), TensorFlow \d+\.\d+\.\d+$/);
    expect(gate).toMatchObject({ passed: true, oracle: 'cpu' });
    expect(gate.error).toBeLessThan(1e-4);
    const untouched = await buildProgram('cpu', model(), 1, shape);
    expect(gradientError(weightsOf(await program.getState()), weightsOf(await untouched.program.getState()))).toBeLessThan(1e-6);
    for (const built of [program, untouched.program]) built.dispose();
  });

  it.each([['dense', dense], ['convolutional with batch normalization', convolutional]] as const)('gives the gradients of a %s model by another engine in its own process, and goes on as if nobody had asked', async (_, model) => {
    const [asked, other] = [await built(way, model()), await built(way, model())];
    await losses(asked, 3);
    await losses(other, 3);
    const given = { learningRate: 1e-2, beta: 1 };
    const [own, state, tensors] = [await asked.gradients(batch, noise, given), await asked.getState(), tf.memory().numTensors];
    const wanted = await asked.eagerGradients(batch, noise, given);
    expect(wanted.oracle).toBe(model === dense ? 'wasm' : 'cpu'); // wasm lacks convolutions' gradients
    expect(gradientError(own, wanted.tensors)).toBeLessThan(1e-4);
    expect([await asked.getState(), tf.memory().numTensors]).toEqual([state, tensors]);
    expect(await losses(asked, 3)).toEqual(await losses(other, 3));
    for (const each of [asked, other]) each.dispose();
  });

  it('has an Adam equal to PyTorch\'s, epsilon after the bias correction', async () => {
    const epsilon = 1e-2; // so large that where it is added can be seen
    const program = await built(way, dense({ training: { optimizer: adam({ epsilon }) } }));
    const name = 'output/bias';
    const at = async (): Promise<number[]> => [...((await program.getState()).find((tensor) => tensor.name === name)?.data ?? [])];
    let w = await at();
    const [m, v] = [w.map(() => 0), w.map(() => 0)];
    for (let t = 1; t <= 20; t++) {
      const g = (await program.gradients(batch, noise, { learningRate: 0, beta: 1 })).find((tensor) => tensor.name === name)?.data ?? new Float32Array(0);
      await program.step(batch, noise, { learningRate: 1e-2, beta: 1 });
      w = w.map((weight, i) => {
        m[i] = 0.9 * (m[i] ?? 0) + 0.1 * (g[i] ?? 0);
        v[i] = 0.999 * (v[i] ?? 0) + 0.001 * (g[i] ?? 0) ** 2;
        return weight - 1e-2 * (m[i] / (1 - 0.9 ** t)) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + epsilon);
      });
      const got = await at();
      expect(Math.max(...w.map((value, i) => Math.abs(value - (got[i] ?? NaN)))), `step ${t}`).toBeLessThan(1e-6);
    }
    program.dispose();
  });

  it.each([['wasm', 'tensorflow'], ['tensorflow', 'wasm']] as const)('a run of %s goes on in %s as if it had stayed', async (from, to) => {
    const program = (name: 'wasm' | 'tensorflow') => (name === 'tensorflow' ? built(way, dense()) : startEngine.wasm().then((engine) => engine.build(dense(), 2, shape)));
    const first = await program(from);
    await losses(first, 5);
    const state = await first.getState();
    const second = await program(to);
    await second.setState(state);
    expect(await second.getState()).toEqual(state); // weights and optimizer, bit for bit
    const [stayed, moved] = [await losses(first, 10), await losses(second, 10)];
    expect(Math.max(...stayed.map((loss, i) => Math.abs(loss / (moved[i] ?? NaN) - 1)))).toBeLessThan(1e-5);
    expect(moved[9]).toBeLessThan(moved[0] ?? 0);
    for (const each of [first, second]) each.dispose();
  });

  it('keeps no tensor from step to step, and none when it is disposed of', async () => {
    const before = tf.memory().numTensors;
    const program = await built(way, convolutional());
    await losses(program, 1);
    const one = tf.memory().numTensors;
    await losses(program, 20);
    await program.decode(random.normals(6), 2);
    expect(tf.memory().numTensors).toBe(one);
    program.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('what TensorFlow says when it fails', () => {
  it('out of memory: a smaller batch size', () => {
    const error = explainTensorflow(new Error(fixture('out-of-memory.txt')), 128);
    expect(error).toBeInstanceOf(EngineError);
    expect(error?.message).toMatch(/does not hold a step with batch size 128\. Set training\.batchSize to 64/);
    expect(explainTensorflow(new Error(fixture('out-of-memory.txt')), 1)?.message).toContain('Make the model smaller');
  });
  it('cuBLAS and cuDNN, and a card that fails', () => {
    expect(explainTensorflow(new Error(fixture('no-cublas.txt')), 8)?.message).toBe('NVIDIA\'s cuBLAS library could not be started: another run or program may hold the memory of the card. End it, or train with another engine.');
    expect(explainTensorflow(new Error(fixture('no-cudnn.txt')), 8)?.message).toContain('cuDNN');
    expect(explainTensorflow(new Error(fixture('launch-failed.txt')), 8)?.message).toContain('CUDA_ERROR_LAUNCH_FAILED');
  });
  it('leaves other errors as they are', () => { expect(explainTensorflow(new Error('Invalid argument: Incompatible shapes'), 8)).toBeUndefined(); });
  it.each([
    ['libstdc++.so.6: version `GLIBCXX_3.4.29\' not found (required by libtensorflow_cc.so.2)', 'needs a newer system'],
    ['libtensorflow_cc.so.2: cannot open shared object file: No such file or directory', 'libtensorflow_cc.so.2 is missing. Set up'],
    ['/c/lib/napi-v8/tfjs_binding.node: invalid ELF header', 'another kind of machine. Set up'],
    ['CUDA_ERROR_OUT_OF_MEMORY: out of memory', 'The memory of the GPU is taken'],
    ['INTERNAL: failed initializing StreamExecutor: CUDA_ERROR_DEVICE_UNAVAILABLE: CUDA-capable device(s) is/are busy or unavailable', 'The GPU cannot be used (CUDA_ERROR_DEVICE_UNAVAILABLE)'],
    ['something else', '(something else). Set up'],
  ])('when it is loaded: %s', (said, wanted) => { expect(loadFailure(said)).toContain(wanted); });
});

describe('nvidia-smi', () => {
  it('names each card, its driver, memory and capability', () => {
    expect(parseGpus(fixture('nvidia-smi.csv'))).toEqual([{ name: 'NVIDIA GeForce RTX 3090', driver: '535.183.01', memoryMb: 24576, capability: '8.6' }, { name: 'NVIDIA H200', driver: '560.35.03', memoryMb: 143771, capability: '9.0' }]);
    expect(parseGpus(fixture('nvidia-smi-no-driver.txt'))).toEqual([]);
  });
  it('names cards that share the computer\'s memory, and those of a driver that knows no compute capabilities', async () => {
    expect(parseGpus('NVIDIA GB10, 580.95.05, [N/A], 12.1\r\n')).toEqual([{ name: 'NVIDIA GB10', driver: '580.95.05', capability: '12.1' }]);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
    const program = path.join(folder, 'nvidia-smi');
    writeFileSync(program, '#!/bin/sh\ncase "$1" in *compute_cap*) echo "Field \\"compute_cap\\" is not a valid field to query."; exit 2;; esac\necho "Tesla K80, 460.106.00, 11441"\n', { mode: 0o755 });
    expect(await nvidiaGpus(program)).toEqual([{ name: 'Tesla K80', driver: '460.106.00', memoryMb: 11441 }]);
    rmSync(folder, { recursive: true });
  });
});

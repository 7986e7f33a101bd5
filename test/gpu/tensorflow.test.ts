import { describe, expect, it } from 'vitest';
import { sprites, vae } from '../../src/vae/index';
import { buildProgram, passGate } from '../../src/host/engines/index';
import { Random } from '../../src/host/training/index';

const shape = [32, 32, 1] as const;
const random = new Random(3);
const pixels = (count: number) => ({ count, data: Float32Array.from({ length: count * 1024 }, () => random.uniform()) });
const dense = (units: number) => vae({
  data: sprites(), latentDim: 8,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units, activation: 'relu' })],
});
const convolutional = () => vae({
  data: sprites(), latentDim: 8,
  encoder: ({ layers }) => [layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.activation({ activation: 'relu' }), layers.flatten()],
  decoder: ({ layers }) => [layers.dense({ units: 16 * 16 * 8, activation: 'relu' }), layers.reshape({ targetShape: [16, 16, 8] }), layers.conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' })],
});

// Run by `npm run test:gpu`, which says loudly where there is no card.
describe.skipIf(process.env['VAE_LAB_NO_NVIDIA'] !== undefined || process.env['VAE_LAB_NO_TENSORFLOW'] !== undefined)('TensorFlow on an NVIDIA GPU', () => {
  // The first steps on a card that is new to TensorFlow compile its kernels for minutes.
  it.each([['dense', () => dense(400)], ['convolutional', convolutional]] as const)('trains a %s model, whose gradients pass the gate', async (_, model) => {
    const { engine, program } = await buildProgram('tensorflow', model(), 1, shape);
    expect(engine.device).toMatch(/^GPU, NVIDIA .+, TensorFlow \d/);
    expect((await passGate('tensorflow', program, model(), 1, shape)).passed).toBe(true);
    const [batch, noise] = [pixels(64), random.normals(64 * 8)];
    const first = await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
    for (let i = 0; i < 30; i++) await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
    expect((await program.evaluate(batch, noise, { learningRate: 1e-3, beta: 1 })).loss).toBeLessThan(first.loss);
    program.dispose();
  }, 30 * 60_000);
});

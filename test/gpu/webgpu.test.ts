import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildProgram, passGate } from '../../src/host/engines/index';
import { loadModel } from '../../src/host/loadModel';
import { Random } from '../../src/host/training/index';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-webgpu-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const source = `import { sprites, vae } from 'vae-lab';
export const shapes = vae({ data: sprites(), latentDim: 8,
  encoder: ({ layers }) => [layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.activation({ activation: 'relu' }), layers.flatten()],
  decoder: ({ layers }) => [layers.dense({ units: 16 * 16 * 8, activation: 'relu' }), layers.reshape({ targetShape: [16, 16, 8] }), layers.conv2dTranspose({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' })],
  training: { batchSize: 64 } });
`;

// Run by `npm run test:gpu`, which says loudly where there is no card.
describe.skipIf(process.env['VAE_LAB_NO_WEBGPU'] !== undefined)('WebGPU on a real card', () => {
  it('trains a convolutional model, whose gradients pass the gate', async () => {
    const modelFile = path.join(top, 'shapes.vae.ts');
    writeFileSync(modelFile, source);
    const { model } = await loadModel(modelFile, 'shapes');
    const { program } = await buildProgram('webgpu', model, 1, [32, 32, 1], { origin: { modelFile, modelName: 'shapes', source, node: process.execPath, script: path.resolve('dist/host.js') } });
    expect((await passGate('webgpu', program, model, 1, [32, 32, 1])).passed).toBe(true);
    const random = new Random(3);
    const [batch, noise] = [{ count: 64, data: Float32Array.from({ length: 64 * 1024 }, () => random.uniform()) }, random.normals(64 * 8)];
    const first = await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
    for (let i = 0; i < 30; i++) await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
    expect((await program.evaluate(batch, noise, { learningRate: 1e-3, beta: 1 })).loss).toBeLessThan(first.loss);
    program.dispose();
  }, 600_000);
});

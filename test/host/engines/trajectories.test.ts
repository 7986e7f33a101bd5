import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { adam, sprites, vae, type VaeConfig } from '../../../src/vae/index';
import { startEngine } from '../../../src/host/engines/index';
import { hasTensorflow } from './available';

const values = z.array(z.number());
const pytorch = z.object({
  side: z.number(), batch: z.number(), latent: z.number(), learningRate: z.number(), sha256: z.string(),
  streams: z.object({ images: z.number(), noise: z.number(), heldOutImages: z.number(), heldOutNoise: z.number(), weights: z.number() }),
  runs: z.record(z.string(), z.object({
    weights: z.array(z.object({ name: z.string(), shape: values, center: z.number(), halfWidth: z.number() })), sha256: z.string(),
    steps: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])), heldOut: z.tuple([z.number(), z.number(), z.number()]),
    moving: z.record(z.string(), z.object({ mean: values, variance: values })),
  })),
}).parse(JSON.parse(readFileSync('test/fixtures/trajectories.json', 'utf8')));
const { side, batch: count, latent, streams, learningRate } = pytorch;

const SPECKLES = 50;
/** As in trajectories.py: a hash of the stream and 1, 2, 3, ..., in [0, 1). */
function uniform(stream: number, index: number): number {
  let h = (Math.imul(stream, 0x632be5ab) + Math.imul(index + 1, 0x9e3779b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}
const uniforms = (stream: number, length: number, of = (u: number): number => u): Float32Array => Float32Array.from({ length }, (_, i) => of(uniform(stream, i)));
function images(stream: number, many: number): Float32Array {
  return Float32Array.from({ length: many * side * side }, (_, i) => {
    const image = Math.floor(i / side / side);
    const [row = 0, column = 0, height = 0, width = 0] = [0, 1, 2, 3].map((k) => uniform(stream, image * 4 + k) * side);
    return (Math.abs(Math.floor(i / side) % side - row) < height / 2 && Math.abs(i % side - column) < width / 2 ? 0.65 : 0.05) + 0.3 * uniform(stream + SPECKLES, i);
  });
}
const noise = (stream: number, many: number): Float32Array => uniforms(stream, many * latent, (u) => (u - 0.5) * Math.sqrt(12));
const sha256 = (...arrays: readonly Float32Array[]): string => arrays.reduce((hash, { buffer, byteOffset, byteLength }) => hash.update(new Uint8Array(buffer, byteOffset, byteLength)), createHash('sha256')).digest('hex');

const networks: Record<string, Pick<VaeConfig, 'encoder' | 'decoder'>> = {
  'mlp': {
    encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 32, activation: 'relu' })],
    decoder: ({ layers }) => [layers.dense({ units: 32, activation: 'relu' })],
  },
  'mlp, batch-normalized': {
    encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 32, useBias: false }), layers.batchNormalization(), layers.reLU()],
    decoder: ({ layers }) => [layers.dense({ units: 32, useBias: false }), layers.batchNormalization(), layers.reLU()],
  },
  'conv': {
    encoder: ({ layers }) => [
      layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }), layers.flatten(),
    ],
    decoder: ({ layers }) => [
      layers.dense({ units: 7 * 7 * 6, activation: 'relu' }), layers.reshape({ targetShape: [7, 7, 6] }), layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
    ],
  },
  'conv, batch-normalized': {
    encoder: ({ layers }) => [
      layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization(), layers.reLU(),
      layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization(), layers.reLU(), layers.flatten(),
    ],
    decoder: ({ layers }) => [
      layers.dense({ units: 7 * 7 * 6, useBias: false }), layers.reshape({ targetShape: [7, 7, 6] }), layers.batchNormalization(), layers.reLU(),
      layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization(), layers.reLU(),
    ],
  },
};

/**
 * Relative, and measured: 2.5e-7. Layers before a normalization have no bias: its gradient would be 0, which Adam makes a random walk of, by dividing rounding by itself;
 * the moving averages then drift by 5e-3, and the held-out loss by 2e-3 of itself.
 */
const TOLERANCE = 1e-5;

describe('twenty steps', () => {
  const [data, eps] = [images(streams.images, 20 * count), noise(streams.noise, 20 * count)];
  it('start from what PyTorch started from', () => {
    expect(sha256(data, eps)).toBe(pytorch.sha256);
    expect(Object.keys(pytorch.runs)).toEqual(Object.keys(networks));
  });

  for (const engine of hasTensorflow ? ['compiled', 'cpu', 'tensorflow'] as const : ['compiled', 'cpu'] as const) {
    it.each(Object.entries(networks))(`on ${engine} are PyTorch's: %s`, async (name, network) => {
      const run = pytorch.runs[name] ?? expect.fail();
      const weights = new Map(run.weights.map(({ name: weight, shape, center, halfWidth }, i) => [weight, { shape, data: uniforms(streams.weights + i, shape.reduce((a, b) => a * b), (u) => center + halfWidth * (2 * u - 1)) }]));
      expect(sha256(...[...weights.values()].map((weight) => weight.data))).toBe(run.sha256);
      const model = vae({ data: sprites(), latentDim: latent, ...network, training: { optimizer: adam({ learningRate }), batchSize: count } });
      const program = await (await startEngine[engine]()).build(model, 1, [side, side, 1]);
      const before = await program.getState();
      expect(before.filter(({ name: tensor }) => !/^optimizer\/|moving/.test(tensor)).map(({ name: tensor, shape }) => [tensor, shape])).toEqual(expect.arrayContaining([...weights].map(([tensor, { shape }]) => [tensor, shape])));
      await program.setState(before.map((tensor) => ({ ...tensor, ...weights.get(tensor.name) })));

      const errors: number[] = [];
      const at = (all: Float32Array, k: number, size: number): Float32Array => all.slice(k * count * size, (k + 1) * count * size);
      const compare = (ours: number | undefined, theirs: number): void => { errors.push(Math.abs((ours ?? NaN) - theirs) / Math.max(1, Math.abs(theirs))); };
      for (const [k, [loss, reconstruction, kl, norm]] of run.steps.entries()) {
        const got = await program.step({ count, data: at(data, k, side * side) }, at(eps, k, latent), { learningRate, beta: 1 });
        for (const [ours, theirs] of [[got.loss, loss], [got.parts['reconstruction'], reconstruction], [got.parts['kl'], kl], [got.gradientNorm, norm]] as const) compare(ours, theirs);
      }
      expect(errors).toHaveLength(4 * 20);

      const after = new Map((await program.getState()).map((tensor) => [tensor.name, tensor.data]));
      for (const [layer, { mean, variance }] of Object.entries(run.moving)) {
        mean.forEach((wanted, i) => { compare(after.get(`${layer}/2-moving_mean`)?.[i], wanted); });
        variance.forEach((wanted, i) => { compare(after.get(`${layer}/3-moving_variance`)?.[i], wanted); });
      }
      const held = await program.evaluate({ count, data: images(streams.heldOutImages, count) }, noise(streams.heldOutNoise, count), { learningRate, beta: 1 });
      for (const [i, part] of [held.loss, held.parts['reconstruction'], held.parts['kl']].entries()) compare(part, run.heldOut[i] ?? NaN);
      expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
      program.dispose();
    });
  }
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { adam, sprites, vqVae, type VqVaeConfig } from '../../../src/vae/index';
import { codebookRows } from '../../../src/vae/objectives/index';
import { checkCodebookMemory } from '../../../src/host/engines/codebookMemory';
import { buildProgram, type ImageShape, type NamedTensor } from '../../../src/host/engines/index';
import { hasTensorflow } from './available';

const numbers = z.array(z.number());
const pytorch = z.object({ restarted: z.number(), steps: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])), counts: numbers, sums: numbers, output: numbers }).parse(JSON.parse(readFileSync('test/fixtures/vqVae.json', 'utf8')));
/** As vqVae.py has them. */
const [SIDE, BATCH, LATENT, RATE] = [8, 6, 4 * 4 * 3, 1e-2];
const shape: ImageShape = [SIDE, SIDE, 1];
const config: VqVaeConfig = {
  data: sprites(), grid: [4, 4], codes: 8, codeDim: 3, decay: 0.9, training: { optimizer: adam({ learningRate: RATE }), batchSize: BATCH },
  encoder: ({ layers }) => [layers.conv2d({ filters: 6, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' })],
  decoder: ({ layers }) => [layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' }), layers.flatten()],
};
const batchOf = (step: number) => ({ count: BATCH, data: Float32Array.from({ length: BATCH * SIDE * SIDE }, (_, i) => 0.5 + 0.5 * Math.sin(0.37 * i + 1.7 * step) * Math.cos(0.11 * i * (i % 5))) });
const noiseOf = (step: number): Float32Array => Float32Array.from({ length: BATCH * LATENT }, (_, i) => 1.5 * Math.sin(2.3 * i + 0.7 * step));
const set = (state: readonly NamedTensor[]): NamedTensor[] => {
  const weights = state.filter(({ name }) => !name.startsWith('optimizer/')).map(({ name }) => name);
  return state.map((tensor) => (weights.includes(tensor.name) && tensor.name !== 'objective/counts' ? { ...tensor, data: tensor.data.map((_, i) => 0.4 * Math.sin(1 + 3 * i + 10 * weights.indexOf(tensor.name))) } : tensor));
};
/** Relative, measured 1e-5. */
const TOLERANCE = 1e-3;

// `wasm` lacks the gradient of convolutions.
describe.each(hasTensorflow ? ['compiled', 'cpu', 'tensorflow'] as const : ['compiled', 'cpu'] as const)('vqVae() on engine %s', (name) => {
  it('takes PyTorch\'s twenty steps: losses, perplexity, codebook, codes that start again', async () => {
    const { program } = await buildProgram(name, vqVae(config), 1, shape);
    await program.setState(set(await program.getState()));
    expect(pytorch.restarted).toBeGreaterThan(0);
    const compare = (ours: number | undefined, theirs: number, what: string): void => { expect(Math.abs((ours ?? NaN) - theirs) / Math.max(1, Math.abs(theirs)), what).toBeLessThan(TOLERANCE); };
    for (const [step, [loss, reconstruction, commitment, perplexity]] of pytorch.steps.entries()) {
      const made = await program.step(batchOf(step), noiseOf(step), { learningRate: RATE, commitment: 0.25 });
      expect(Object.keys(made.parts)).toEqual(['reconstruction', 'commitment', 'perplexity']);
      for (const [ours, theirs, what] of [[made.loss, loss, 'loss'], [made.parts['reconstruction'], reconstruction, 'reconstruction'], [made.parts['commitment'], commitment, 'commitment'], [made.parts['perplexity'], perplexity, 'perplexity']] as const) compare(ours, theirs, `${what}, step ${step}`);
    }
    const after = new Map((await program.getState()).map((tensor) => [tensor.name, tensor.data]));
    for (const [tensor, wanted] of [['objective/counts', pytorch.counts], ['objective/sums', pytorch.sums], ['output/kernel', pytorch.output]] as const) wanted.forEach((value, i) => { compare(after.get(tensor)?.[i], value, `${tensor}[${i}]`); });
    program.dispose();
  });

  it('decodes the nearest codes, and draws codes as often as they are used', async () => {
    const { program } = await buildProgram(name, vqVae(config), 1, shape);
    await program.setState(set(await program.getState()).map((tensor) => (tensor.name === 'objective/counts' ? { ...tensor, data: Float32Array.of(0, 1, 0, 3, 0, 0, 0, 0) } : tensor)));
    const codes = new Map((await program.getState()).map((tensor) => [tensor.name, tensor.data]));
    const code = (k: number): number[] => [0, 1, 2].map((d) => (codes.get('objective/sums')?.[3 * k + d] ?? NaN) / Math.max(1e-5, codes.get('objective/counts')?.[k] ?? NaN));
    const noise = Float32Array.from({ length: LATENT }, (_, i) => (i % 6 === 0 ? -1 : 1)); // chances 0.16 and 0.84 in turn; the other numbers of a place are not looked at
    const drawn = await program.drawPrior(noise, new Float32Array(1), 1);
    Array.from({ length: 16 }, (_, i) => code(i % 2 === 0 ? 1 : 3)).flat().forEach((value, i) => { expect(drawn[i]).toBeCloseTo(value, 4); });
    const picture = await program.decode(drawn, 1);
    expect(await program.decode(drawn.map((value, i) => value + 1e-3 * Math.sin(i)), 1)).toEqual(picture); // what is near is the code itself
    const evaluated = await program.evaluate({ count: 1, data: picture }, noise, { learningRate: RATE, commitment: 0.25 });
    expect(evaluated.parts['perplexity']).toBeLessThanOrEqual(8);
    const { mean, indices } = await program.encode({ count: 1, data: picture });
    expect(mean).toHaveLength(LATENT);
    expect(indices).toHaveLength(16);
    const rows = codebookRows(codes.get('objective/counts') ?? new Float32Array(), codes.get('objective/sums') ?? new Float32Array());
    const distance = (place: number, k: number): number => [0, 1, 2].reduce((sum, d) => sum + ((mean[3 * place + d] ?? NaN) - (rows[3 * k + d] ?? NaN)) ** 2, 0);
    indices?.forEach((index, place) => { expect(Array.from({ length: 8 }, (_, k) => distance(place, k)).every((other) => other >= distance(place, index) - 1e-4 * (1 + other))).toBe(true); });
    expect((await program.encode({ count: 3, data: new Float32Array(3 * SIDE * SIDE) })).indices).toHaveLength(48); // fewer than what is compiled for
    program.dispose();
  });
});

describe('vqVae()', () => {
  it.each([
    [{ grid: 7 }, 'grid must be rows and columns'], [{ grid: [0, 7] }, 'grid must be a whole number'], [{ codes: 1 }, 'codes must be a whole number from 2'], [{ decay: 1 }, 'decay must be'], [{ commitment: -1 }, 'commitment must be a number of at least 0'],
    [{ prior: true }, 'prior must be options of the prior over the codes'], [{ prior: { width: 3 } }, 'prior has no option "width". Known: filters, layers, steps, batchSize, learningRate'], [{ prior: { steps: 0 } }, 'prior.steps must be a whole number from 1'], [{ prior: { learningRate: 0 } }, 'prior.learningRate must be a number above 0'],
    [{ restartBelow: -1 }, 'restartBelow must be'], [{ latentDim: 3 }, 'no option "latentDim"'],
  ])('refuses %j', (changes, sentence) => {
    const wrong: VqVaeConfig = Object.assign({ ...config }, changes);
    expect(() => vqVae(wrong)).toThrow(sentence);
  });
  it('learns a prior over its codes with defaults, with some options of one\'s own, or not at all', () => {
    const of = (prior: VqVaeConfig['prior']) => vqVae({ ...config, ...(prior === undefined ? {} : { prior }) }).prior;
    expect(of(undefined)).toEqual({ kind: 'codebook', autoregressive: { filters: 64, layers: 4, steps: 1000, batchSize: 64, learningRate: 3e-3 } });
    expect(of({ steps: 20 })).toMatchObject({ autoregressive: { filters: 64, steps: 20 } });
    expect(of(false)).toEqual({ kind: 'codebook' });
  });
  it('says before training that the codebook does not fit the memory, or the encoder not the grid', async () => {
    expect(() => { checkCodebookMemory(vqVae({ ...config, codes: 1_000_000, codeDim: 64 }), 2 ** 30); }).toThrow('A codebook of 1000000 codes takes 1.8 GB in a step with batch size 6, and this machine has 1.0 GB.');
    await expect(buildProgram('compiled', vqVae({ ...config, codes: 2 ** 31 - 1 }), 1, shape)).rejects.toThrow('Take fewer codes or a smaller batch.');
    await expect(buildProgram('auto', vqVae({ ...config, codes: 2 ** 31 - 1 }), 1, shape)).rejects.toThrow(/^A codebook of 2147483647 codes takes [\d.]+ GB in a step with batch size 6, and this machine has [\d.]+ GB\. Take fewer codes or a smaller batch\.$/); // once, not by each engine
    await expect(buildProgram('compiled', vqVae({ ...config, grid: [2, 2] }), 1, shape)).rejects.toThrow('The encoder gives features of shape [4, 4, 6], and vqVae() was given a grid of 2x2.');
  });
});

import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { bernoulli, continuousBernoulli, discretizedLogistic, elbo, gaussian, laplace, sprites, uniformBox, vae, type Likelihood } from '../../../src/vae/index';
import { firstValues, hyperparametersOf } from '../../../src/vae/hyperparameters';
import { klDivergence } from '../../../src/vae/losses';
import { StoredDataset } from '../../../src/host/datasets/storedDataset';
import { ByteStore } from '../../../src/host/datasets/store';
import { buildProgram, startEngine, type Batch, type NamedEngine } from '../../../src/host/engines/index';
import { examplesTerms } from '../../../src/host/latent/exampleTerms';
import { LatentViews } from '../../../src/host/latent/latentViews';
import { hasTensorflow } from '../engines/available';
import { linear, linearVae, twoAlike } from '../evaluation/linear';

const batch: Batch = { count: 3, data: Float32Array.from({ length: 18 }, (_, i) => Math.round(255 * ((i * 0.37) % 1)) / 255) };
const of = (likelihood: Likelihood) => vae({ data: sprites(), latentDim: 2, likelihood, objective: elbo(), encoder: ({ layers }) => [layers.flatten()], decoder: () => [] });
const program = async (model: ReturnType<typeof of>) => (await buildProgram('wasm', model, 3, [2, 3, 1])).program;
const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('the loss and the KL divergence of each example', () => {
  it.each<Likelihood>([bernoulli(), continuousBernoulli(), gaussian({ sigma: 0.3 }), gaussian({ sigma: 'learned' }), gaussian({ sigma: 'perPixel' }), laplace(), discretizedLogistic()])('are on average what training computes: $kind', async (likelihood) => {
    const model = of(likelihood);
    const made = await program(model);
    const values = firstValues(hyperparametersOf(model));
    const { reconstruction, kl } = await examplesTerms(made, model, batch, values);
    const { parts } = await made.evaluate(batch, new Float32Array(6), values);
    expect(mean(reconstruction) / (parts['reconstruction'] ?? NaN)).toBeCloseTo(1, 5);
    expect(mean(kl)).toBeCloseTo(parts['kl'] ?? NaN, 4);
    made.dispose();
  });
  it('take sigma as it is now, not as the file had it', async () => {
    const model = of(gaussian({ sigma: 0.3 }));
    const made = await program(model);
    const [before, after] = [await examplesTerms(made, model, batch, { learningRate: 0, sigma: 0.3 }), await examplesTerms(made, model, batch, { learningRate: 0, sigma: 0.6 })];
    const constant = (sigma: number): number => 6 * Math.log(sigma * Math.sqrt(2 * Math.PI)); // of six pixels; what is left is the squared error over 2 sigma^2
    before.reconstruction.forEach((loss, i) => { expect((loss - constant(0.3)) / ((after.reconstruction[i] ?? NaN) - constant(0.6))).toBeCloseTo(4, 3); });
    made.dispose();
  });
  it('follow the prior: the box has that of the Gaussian which is carried into it, a mixture an estimate of its own', async () => {
    const plain = of(bernoulli());
    const boxed = vae({ data: sprites(), latentDim: 2, prior: uniformBox({ low: -5, high: 9 }), encoder: plain.encoder, decoder: plain.decoder });
    const [box, normal] = [await program(boxed), await program(plain)];
    expect((await examplesTerms(box, boxed, batch, { learningRate: 0 })).kl).toEqual((await examplesTerms(normal, plain, batch, { learningRate: 0 })).kl);
    for (const one of [box, normal]) one.dispose();

    const { program: mixed, model, dataset, hyperparameters } = await linearVae('wasm', 'oblique', twoAlike); // both components the standard normal
    const examples = dataset.batch('test', [0, 1, 2, 3, 4]);
    const { mean: means, logVariance } = await mixed.encode(examples);
    const closed = klDivergence(tf.tensor(means, [5, linear.latent]), tf.tensor(logVariance, [5, linear.latent])).dataSync();
    const close = (await examplesTerms(mixed, model, examples, hyperparameters)).kl;
    close.forEach((kl, i) => { expect(Math.abs(kl - (closed[i] ?? NaN))).toBeLessThan(0.6); });
    await mixed.setState((await mixed.getState()).map((tensor) => (tensor.name === 'prior/means' ? { ...tensor, data: Float32Array.of(8, 8, 8, 8) } : tensor)));
    (await examplesTerms(mixed, model, examples, hyperparameters)).kl.forEach((kl, i) => { expect(kl).toBeGreaterThan((close[i] ?? NaN) + 20); }); // its prior is elsewhere
    mixed.dispose();
  });
});

const engines: readonly NamedEngine[] = hasTensorflow ? ['compiled', 'tensorflow', 'cpu'] : ['compiled', 'cpu'];
describe.each(engines)('a decoder that gives images, with a variance for each pixel, on %s', (engine) => {
  it('gives all means first and all widths after them, channel by channel', async () => {
    const model = vae({
      data: sprites(), latentDim: 2, likelihood: gaussian({ sigma: 'perPixel' }), encoder: ({ layers }) => [layers.flatten()],
      decoder: ({ layers }) => [layers.dense({ units: 2 * 3 * 4 }), layers.reshape({ targetShape: [2, 3, 4] })],
    });
    const made = await (await startEngine[engine]()).build(model, 3, [2, 3, 3]);
    const [means, widths] = [[0.1, 0.5, 0.9], [-1, 0, 1]];
    await made.setState((await made.getState()).map((tensor) => ({ ...tensor, data: tensor.name === 'output/kernel' ? tensor.data.map(() => 0) : tensor.name === 'output/bias' ? Float32Array.of(...means, ...widths) : tensor.data })));
    const data = Float32Array.from({ length: 18 }, (_, i) => (i * 0.29) % 1);
    const { reconstruction } = await examplesTerms(made, model, { count: 1, data }, { learningRate: 0 });
    const logWidth = (raw: number): number => Math.log1p(Math.exp(raw + 6)) - 6;
    const wanted = data.reduce((sum, x, i) => {
      const [m, s] = [means[i % 3] ?? NaN, logWidth(widths[i % 3] ?? NaN)];
      return sum + 0.5 * ((x - m) / Math.exp(s)) ** 2 + s + 0.5 * Math.log(2 * Math.PI);
    }, 0);
    expect(reconstruction[0]).toBeCloseTo(wanted, 3);
    expect([...await made.decode(new Float32Array(2), 1)].slice(0, 6).map((value) => Number(value.toFixed(4)))).toEqual([...means, ...means]);
    made.dispose();
  });
});

describe('a piece of the map', () => {
  it('has no labels where only training examples have some', async () => {
    const model = of(bernoulli());
    const made = await program(model);
    const store = (count: number): ByteStore => new ByteStore(Uint8Array.from({ length: count * 6 }, (_, i) => i * 7), 6);
    const dataset = new StoredDataset({
      name: 'half labelled', imageShape: [2, 3, 1], preparation: { binarization: 'none', validation: 0, corruption: [], seed: 1 }, train: store(4), test: store(3), labels: { names: ['a', 'b'], train: Int32Array.of(0, 1, 1, 0), test: undefined },
    });
    const views = new LatentViews(made, dataset, model, (work) => work(), () => 5, () => ({ learningRate: 0 }));
    const [train, test] = [await views.piece('train', 0, 8), await views.piece('test', 0, 8)];
    expect([train.count, [...train.labels ?? []], test.count, test.labels]).toEqual([4, [0, 1, 1, 0], 3, undefined]);
    made.dispose();
  });
  it('is computed anew where a hyperparameter was changed between two steps', async () => {
    const model = of(gaussian({ sigma: 0.3 }));
    const made = await program(model);
    const store = new ByteStore(Uint8Array.from({ length: 12 }, (_, i) => i * 20), 6);
    const dataset = new StoredDataset({ name: 'two', imageShape: [2, 3, 1], preparation: { binarization: 'none', validation: 0, corruption: [], seed: 1 }, train: store, test: store });
    let sigma = 0.3;
    const views = new LatentViews(made, dataset, model, (work) => work(), () => 5, () => ({ learningRate: 0, sigma }));
    const before = await views.piece('test', 0, 2);
    expect(await views.piece('test', 0, 2)).toBe(before);
    sigma = 0.6;
    expect((await views.piece('test', 0, 2)).reconstruction).not.toEqual(before.reconstruction);
    made.dispose();
  });
});

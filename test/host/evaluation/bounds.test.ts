import { describe, expect, it } from 'vitest';
import { autoencoder, conditionalVae, sprites, uniformBox, vae, vqVae, type VaeConfig } from '../../../src/vae/index';
import { elboTerms, importanceWeightedNll, negativeElbo } from '../../../src/host/evaluation/bounds';
import { startEngine, type Terms } from '../../../src/host/engines/index';
import { termsOf } from '../../../src/host/engines/termsOf';
import { Random } from '../../../src/host/training/index';
import { hasTensorflow } from '../engines/available';
import { EvaluationStream, noiseOf } from '../../../src/host/evaluation/subject';
import { linear, linearVae, meanOf, twoAlike } from './linear';

const engines = hasTensorflow ? ['compiled', 'tensorflow', 'wasm', 'cpu'] as const : ['compiled', 'wasm', 'cpu'] as const;

describe.each(engines)('on %s', (engine) => {
  it('a linear Gaussian VAE with its true posterior has the exact likelihood, with one sample', async () => {
    const subject = await linearVae(engine, 'orthogonal');
    const { value, standardError } = await importanceWeightedNll(subject);
    expect(value).toBeCloseTo(meanOf(linear.orthogonal.nll), 4);
    expect(standardError).toBeCloseTo(Math.sqrt(linear.orthogonal.nll.reduce((sum, nll) => sum + (nll - meanOf(linear.orthogonal.nll)) ** 2, 0) / 4 / 5), 4);
    subject.program.dispose();
  });
  it('with another posterior the bounds come down to it', async () => {
    const subject = await linearVae(engine, 'oblique');
    const exact = meanOf(linear.oblique.nll);
    const nll = async (k: number): Promise<number> => (await importanceWeightedNll({ ...subject, options: { ...subject.options, k } })).value;
    const elbo = await negativeElbo(subject);
    expect(elbo.value).toBeCloseTo(elbo.parts.reconstruction + elbo.parts.kl, 6);
    const others: number[] = [];
    for (let seed = 0; seed < 40; seed++) others.push((await negativeElbo({ ...subject, options: { ...subject.options, seed } })).value);
    expect(meanOf(others)).toBeGreaterThan(exact + 0.005);
    expect(Math.abs(await nll(5000) - exact)).toBeLessThan(0.005);
    subject.program.dispose();
  });
});

describe('the bounds', () => {
  it('have no standard error where there is one example', async () => {
    const subject = { ...await linearVae('wasm', 'orthogonal'), count: 1 };
    for (const bound of [await negativeElbo(subject), await importanceWeightedNll(subject)]) expect([Number.isFinite(bound.value), 'standardError' in bound]).toEqual([true, false]);
    subject.program.dispose();
  });
  it('do not hang on how draws and examples are put into calls', async () => {
    const subject = await linearVae('wasm', 'oblique');
    const { program, dataset, hyperparameters } = subject;
    const batch = dataset.batch('test', [0, 1, 2, 3, 4]);
    const noise = new Random(5).normals(3 * 5 * linear.latent);
    const cut = await termsOf(program, batch, noise, 3, hyperparameters); // filled up to 16
    const whole = await program.terms(batch, noise, 3, hyperparameters);
    expect([cut.reconstruction.length, cut.kl?.length]).toEqual([15, 5]);
    for (const name of ['reconstruction', 'logWeight', 'kl'] as const) cut[name]?.forEach((value, i) => { expect(value).toBeCloseTo(whole[name]?.[i] ?? NaN, 5); });
    const one = await importanceWeightedNll({ ...subject, options: { ...subject.options, k: 17 } }); // in two calls
    const first = await importanceWeightedNll({ ...subject, count: 1, options: { ...subject.options, k: 17 } }); // the same draws in a batch of one
    const [alone] = [dataset.batch('test', [0])];
    const { logWeight: weights = new Float32Array(0) } = await termsOf(program, alone, noiseOf(subject, EvaluationStream.weights, 0).normals(17 * linear.latent), 17, hyperparameters);
    const most = Math.max(...weights);
    expect(first.value).toBeCloseTo(Math.log(17) - most - Math.log(weights.reduce((sum, weight) => sum + Math.exp(weight - most), 0)), 4);
    expect(one.value).not.toBeCloseTo(first.value, 3);
    program.dispose();
  });
  it('follow the prior: a mixture of two that are one is the standard normal, its KL divergence estimated', async () => {
    const [plain, mixed] = [await linearVae('wasm', 'oblique'), await linearVae('wasm', 'oblique', twoAlike)];
    const k = (subject: typeof plain) => importanceWeightedNll({ ...subject, options: { ...subject.options, k: 20 } });
    expect((await k(mixed)).value).toBeCloseTo((await k(plain)).value, 4);
    const kls = async (subject: typeof plain, draws: number): Promise<number[]> => {
      const found: number[] = [];
      for await (const { kl } of elboTerms(subject, draws)) found.push(kl);
      return found;
    };
    const closed = await kls(plain, 1);
    (await kls(mixed, 2000)).forEach((kl, i) => { expect(Math.abs(kl - (closed[i] ?? NaN))).toBeLessThan(0.1); });
    for (const { program } of [plain, mixed]) program.dispose();
  });
  it('hold where the prior is carried into a box: every engine gives the same', async () => {
    const model = vae({ data: sprites(), latentDim: 2, prior: uniformBox(), encoder: ({ layers }) => [layers.flatten()], decoder: () => [] });
    const batch = { count: 4, data: Float32Array.from({ length: 24 }, (_, i) => (i * 0.37) % 1) };
    const noise = new Random(2).normals(2 * 4 * 2);
    const found: Terms[] = [];
    for (const engine of engines) { // one after another: TensorFlow.js has one current backend
      const program = await (await startEngine[engine]()).build(model, 3, [2, 3, 1]);
      found.push(await program.terms(batch, noise, 2, { learningRate: 0 }));
      program.dispose();
    }
    const [first, ...others] = found;
    for (const other of others) for (const name of ['reconstruction', 'logWeight', 'kl'] as const) other[name]?.forEach((value, i) => { expect(value).toBeCloseTo(first?.[name]?.[i] ?? NaN, 3); });
  });
  it.each(['conditionalVae', 'autoencoder', 'vqVae'] as const)('know of %s what they can know, on every engine: its reconstruction is that of the pictures it gives', async (kind) => {
    const ends: Pick<VaeConfig, 'encoder' | 'decoder'> = { encoder: ({ layers }) => [layers.dense({ units: 3, activation: 'tanh' })], decoder: ({ layers }) => [layers.flatten()] };
    const model = kind === 'vqVae' ? vqVae({ data: sprites(), grid: [2, 3], codes: 5, codeDim: 2, ...ends }) : (kind === 'autoencoder' ? autoencoder : conditionalVae)({ data: sprites(), latentDim: 2, encoder: ({ layers }) => [layers.flatten()], decoder: () => [] });
    const [count, labels] = [4, Int32Array.of(0, 2, 1, 2)];
    const batch = { count, labels, data: Float32Array.from({ length: 6 * count }, (_, i) => (i * 0.37) % 1) };
    const rows = Float32Array.from({ length: 3 * count }, (_, i) => (labels[Math.floor(i / 3)] === i % 3 ? 1 : 0));
    for (const engine of engines) {
      const program = await (await startEngine[engine]()).build(model, 3, [2, 3, 1], { trainCount: 10, classes: 3 });
      const { reconstruction, logWeight, kl } = await program.terms(batch, new Float32Array(2 * count * model.latentDim), 2, { learningRate: 0 });
      const pictures = await program.decode((await program.encode(batch)).mean, count, rows);
      const expected = Array.from({ length: 2 * count }, (_, row) => {
        let nats = 0;
        for (let p = 0; p < 6; p++) {
          const [x, mean] = [batch.data[(row % count) * 6 + p] ?? NaN, pictures[(row % count) * 6 + p] ?? NaN];
          nats -= x * Math.log(mean) + (1 - x) * Math.log(1 - mean);
        }
        return nats;
      });
      reconstruction.forEach((value, i) => { expect(value, `${engine} ${i}`).toBeCloseTo(expected[i] ?? NaN, 3); });
      expect([logWeight?.length, kl?.length]).toEqual(kind === 'conditionalVae' ? [2 * count, count] : [undefined, undefined]);
      program.dispose();
    }
  });
  it('are refused where codes are points', async () => {
    const subject = { ...await linearVae('wasm', 'oblique') };
    const points = { ...subject, model: { ...subject.model, kind: 'autoencoder' as const } };
    for (const bound of [negativeElbo, importanceWeightedNll]) await expect(bound(points)).rejects.toThrow('A code of this model is a point: it has no posterior, and so no evidence lower bound.');
    subject.program.dispose();
  });
});

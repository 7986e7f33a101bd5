import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  autoencoder, bernoulli, betaTcVae, conditionalVae, continuousBernoulli, discretizedLogistic, elbo, factorVae, gaussian, iwae, laplace, mixture, objective, sgd, sprites, standardNormal, uniformBox, vae, weighted, type Spread, type VaeConfig, type VaeModel,
} from '../../../src/vae/index';
import { samplesOf } from '../../../src/vae/objectives/index';
import { hyperparametersOf } from '../../../src/vae/hyperparameters';
import { buildProgram, type Batch, type NamedTensor } from '../../../src/host/engines/index';
import { hasTensorflow } from './available';

const runSchema = z.object({ loss: z.number(), parts: z.record(z.string(), z.number()), gradients: z.array(z.array(z.number())) });
const { hyperparameters, runs, discriminator } = z.object({ discriminator: z.object({ rate: z.number(), losses: z.array(z.number()), weights: z.array(z.array(z.number())) }), hyperparameters: z.record(z.string(), z.number()), runs: z.record(z.string(), runSchema) }).parse(JSON.parse(readFileSync('test/fixtures/objectives.json', 'utf8')));

const [PIXELS, LATENT, BATCH] = [16, 2, 3];
const shape = [4, 4, 1] as const;
/** As objectives.py has them. */
const fixed: Spread = 0.25;
const spreads = { fixed, learned: 'learned', perPixel: 'perPixel' } as const;
const cases: Record<string, Partial<VaeConfig>> = {
  'elbo': {}, 'elbo, 3 samples': { objective: elbo({ samples: 3 }) }, 'elbo, capacity': { objective: elbo({ capacity: 25 }) }, 'elbo, free bits': { objective: elbo({ freeBits: 0 }) },
  'iwae': { objective: iwae() }, 'iwae, uniform box': { objective: iwae({ samples: 4 }), prior: uniformBox({ low: -1, high: 3 }) }, 'iwae, mixture': { objective: iwae({ samples: 4 }), prior: mixture({ components: 4 }) },
  'uniform box': { prior: uniformBox({ low: -1, high: 3 }) }, 'mixture': { prior: mixture({ components: 4 }) }, 'mixture, 3 samples, learned': { objective: elbo({ samples: 3 }), prior: mixture({ components: 4 }), likelihood: gaussian({ sigma: 'learned' }) },
  'beta-TC-VAE': { objective: betaTcVae() }, 'factorVae': { objective: factorVae({ hidden: [4] }) }, 'continuous Bernoulli': { likelihood: continuousBernoulli() },
  ...Object.fromEntries(Object.entries(spreads).flatMap(([name, spread]) => {
    const all = { ...(spread === 'perPixel' ? { objective: elbo({ samples: 2 }) } : {}) };
    return [[`gaussian, ${name}`, { ...all, likelihood: gaussian({ sigma: spread }) }], [`laplace, ${name}`, { ...all, likelihood: laplace({ scale: spread }) }], [`discretizedLogistic, ${name}`, { ...all, likelihood: discretizedLogistic({ scale: spread }) }]];
  })),
};
const networks: Pick<VaeConfig, 'data' | 'latentDim' | 'likelihood' | 'training' | 'encoder' | 'decoder'> = {
  data: sprites(), latentDim: LATENT, likelihood: bernoulli(), training: { optimizer: sgd({ learningRate: 1 }) },
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 5, activation: 'tanh' })], decoder: ({ layers }) => [layers.dense({ units: 5, activation: 'tanh' })],
};
const small = (changes: Partial<VaeConfig>): VaeModel => vae({ ...networks, prior: standardNormal(), ...changes });
const models: Record<string, VaeModel> = {
  ...Object.fromEntries(Object.entries(cases).map(([name, changes]) => [name, small(changes)])),
  'autoencoder': autoencoder(networks), 'autoencoder, sparse': autoencoder({ ...networks, sparse: 0.1 }), 'conditional': conditionalVae(networks),
};
const grey = Array.from({ length: BATCH * PIXELS }, (_, i) => (i < 2 ? i : 0.5 + 0.5 * Math.sin(0.7 * i)));
const facts = { trainCount: 30, classes: 3 };
const batch: Batch = { count: BATCH, data: Float32Array.from(grey, (value) => Math.round(value * 255) / 255), labels: Int32Array.of(0, 2, 1) };
const noiseOf = (samples: number): Float32Array => Float32Array.from({ length: samples * BATCH * LATENT }, (_, i) => 1.2 * Math.cos(1.3 * i + 0.5));
const set = (state: readonly NamedTensor[]): NamedTensor[] => state.map((tensor, t) => (tensor.name.startsWith('optimizer/') || isKept(tensor.name) ? tensor : { ...tensor, data: tensor.data.map((_, i) => 0.4 * Math.sin(1 + 3 * i + 10 * t)) }));
/** What steps assign, and no gradient is of; of it, what stays as it starts. */
const isAssigned = (name: string): boolean => /^prior\/(mean|variance|steps)$|^objective\/(.*kernel|.*bias|updates)/.test(name);
const isKept = (name: string): boolean => isAssigned(name) && !/^objective\/(kernel|bias)/.test(name);
const largest = (numbers: ArrayLike<number>): number => Math.max(0, ...Array.from(numbers, Math.abs));
const values = { learningRate: 1, ...hyperparameters };

it('has a case for every run of PyTorch\'s', () => { expect(Object.keys(models).sort()).toEqual(Object.keys(runs).sort()); });

/** Gradients follow from losses alone here: PyTorch has no part in it. Along a direction, since floats leave little of a difference in one weight. */
it.each(Object.entries(models))('%s: gradients are the differences of losses', async (_, model) => {
  const { program } = await buildProgram('cpu', model, 1, shape, { data: facts });
  const state = set(await program.getState());
  const noise = noiseOf(samplesOf(model.objective));
  await program.setState(state);
  const gradients = new Map((await program.gradients(batch, noise, values)).map(({ name, data }) => [name, data]));
  const length = Math.hypot(...[...gradients.values()].flatMap((data) => [...data]));
  const moved = async (by: number): Promise<number> => {
    await program.setState(state.map((tensor) => ({ ...tensor, data: tensor.data.map((value, i) => value + by * (gradients.get(tensor.name)?.[i] ?? 0) / length) })));
    return (await program.evaluate(batch, noise, values)).loss;
  };
  const step = 2e-3;
  const slope = (8 * (await moved(step) - await moved(-step)) - (await moved(2 * step) - await moved(-2 * step))) / (12 * step);
  expect(Math.abs(slope / length - 1)).toBeLessThan(1e-2);
  program.dispose();
});

describe.each(hasTensorflow ? ['compiled', 'wasm', 'cpu', 'tensorflow'] as const : ['compiled', 'wasm', 'cpu'] as const)('objectives, likelihoods and priors on engine %s', (name) => {
  it.each(Object.entries(models))('%s: loss, parts and gradients are PyTorch\'s', async (key, model) => {
    const wanted = runs[key];
    if (!wanted) throw new Error('no run');
    const { program } = await buildProgram(name, model, 1, shape, { data: facts });
    const state = set(await program.getState());
    await program.setState(state);
    const noise = noiseOf(samplesOf(model.objective));
    const evaluated = await program.evaluate(batch, noise, values);
    const gradients = await program.gradients(batch, noise, values);
    const stepped = await program.step(batch, noise, values);
    const after = new Map((await program.getState()).map((tensor) => [tensor.name, tensor.data]));
    program.dispose();
    expect(Object.keys(evaluated.parts)).toEqual(Object.keys(wanted.parts));
    for (const given of [evaluated, stepped]) {
      expect(given.loss).toBeCloseTo(wanted.loss, 3);
      for (const [part, value] of Object.entries(wanted.parts)) expect(given.parts[part], part).toBeCloseTo(value, 3);
    }
    const most = Math.max(...wanted.gradients.map(largest));
    const weights = state.filter(({ name: weight }) => !weight.startsWith('optimizer/') && !isAssigned(weight));
    expect(gradients.map(({ name: weight }) => weight)).toEqual(weights.map(({ name: weight }) => weight));
    gradients.forEach(({ name: weight, data }, t) => {
      const truth = wanted.gradients[t] ?? [];
      const scale = Math.max(largest(truth), 1e-3 * most);
      expect(data.length, weight).toBe(truth.length);
      truth.forEach((value, i) => { expect(Math.abs((data[i] ?? NaN) - value) / scale, `${weight}[${i}]`).toBeLessThan(2e-4); });
      const before = weights[t]?.data ?? new Float32Array();
      truth.forEach((value, i) => { expect(Math.abs((before[i] ?? NaN) - (after.get(weight)?.[i] ?? NaN) - value) / scale, `${weight}[${i}] after a step`).toBeLessThan(5e-4); }); // plain SGD, learning rate 1
    });
  });

  it('take an objective of a person\'s own: its hyperparameters, weights, labels, and what it assigns', async () => {
    const own = objective({
      hyperparameters: { pull: { value: 0.5, max: 10 } }, samples: 2,
      variables: { centres: { shape: [3, LATENT], initial: 'normal' }, seen: { shape: [], initial: 0, trainable: false } },
      parts: ({ z: latent, samples, decode, negativeLogLikelihood, prior, posterior, labels, datasetSize, hyperparameters: { pull }, variables: { centres, seen }, training }) => {
        const distance = tf.sum(tf.square(tf.sub(posterior.mean, tf.matMul(labels, centres))), 1);
        if (training) seen.assign(tf.add(seen, posterior.mean.shape[0] ?? 0));
        return { reconstruction: negativeLogLikelihood(decode(latent)), kl: prior.kl(), pulled: weighted(pull, distance), share: weighted(0, tf.div(seen, datasetSize)), drawn: weighted(0, tf.scalar(samples)) };
      },
    });
    const model = small({ objective: own });
    const data = { trainCount: 30, classes: 3 };
    const { program, engine } = await buildProgram(name, model, 1, shape, { data });
    expect(engine.name).toBe(name);
    expect(Object.keys(hyperparametersOf(model))).toEqual(['learningRate', 'pull']);
    const labelled = { ...batch, labels: Int32Array.of(0, 2, 1) };
    const [noise, given] = [noiseOf(2), { learningRate: 0.01, pull: 3 }];
    const state = await program.getState();
    const first = await program.evaluate(labelled, noise, given);
    expect(Object.keys(first.parts)).toEqual(['reconstruction', 'kl', 'pulled', 'share', 'drawn']);
    expect(first.loss).toBeCloseTo((first.parts['reconstruction'] ?? NaN) + (first.parts['kl'] ?? NaN) + 3 * (first.parts['pulled'] ?? NaN), 4);
    expect(first.parts['drawn']).toBe(2);
    const { mean } = await program.encode(labelled);
    const centres = state.find((tensor) => tensor.name === 'objective/centres')?.data ?? new Float32Array();
    const expected = [0, 2, 1].reduce((sum, label, i) => sum + [0, 1].reduce((inner, d) => inner + ((mean[2 * i + d] ?? NaN) - (centres[2 * label + d] ?? NaN)) ** 2, 0), 0) / BATCH;
    expect(first.parts['pulled']).toBeCloseTo(expected, 4);
    await program.step(labelled, noise, given);
    await program.step(labelled, noise, given);
    const after = await program.getState();
    expect([...after.find((tensor) => tensor.name === 'objective/seen')?.data ?? []]).toEqual([2 * BATCH]); // assigned by two steps, by no evaluation
    expect((await program.evaluate(labelled, noise, given)).parts['share']).toBeCloseTo(2 * BATCH / 30, 5);
    expect(after.find((tensor) => tensor.name === 'objective/centres')?.data).not.toEqual(centres);
    await expect(program.step({ ...batch, labels: Int32Array.of(0, 3, 1) }, noise, given)).rejects.toThrow('There is no class 3');
    program.dispose();
  });

  it('of an autoencoder: codes are shown by their deviations from what the steps saw, and a code shown decodes to the reconstruction', async () => {
    const { program } = await buildProgram(name, autoencoder({ ...networks, training: { optimizer: sgd({ learningRate: 1e-3 }) } }), 1, shape);
    const noise = noiseOf(1);
    const first = await program.encode(batch); // nothing was seen yet: the code itself
    const pictures = await program.decode(first.mean, BATCH);
    const state = await program.getState();
    const moments: Record<string, readonly number[]> = { 'prior/mean': [5, -1], 'prior/variance': [4, 0.25] };
    await program.setState(state.map((tensor) => ({ ...tensor, data: Float32Array.from(moments[tensor.name] ?? tensor.data) })));
    const shown = await program.encode(batch);
    first.mean.forEach((code, i) => { expect(shown.mean[i]).toBeCloseTo(i % 2 === 0 ? (code - 5) / 2 : (code + 1) / 0.5, 4); });
    expect([...shown.logVariance]).toEqual(Array.from({ length: BATCH * LATENT }, () => -Infinity));
    (await program.decode(shown.mean, BATCH)).forEach((value, i) => { expect(value).toBeCloseTo(pictures[i] ?? NaN, 5); });
    expect(await program.drawPrior(noise, new Float32Array(BATCH), BATCH)).toEqual(noise);

    await program.setState(state);
    await program.gradients(batch, noise, values);
    expect((await program.getState()).find((tensor) => tensor.name === 'prior/steps')?.data).toEqual(Float32Array.of(0)); // only a step counts
    await program.step(batch, noise, { learningRate: 0 });
    const mean = [0, 1].map((d) => [0, 1, 2].reduce((sum, i) => sum + (first.mean[2 * i + d] ?? NaN) / BATCH, 0));
    (await program.getState()).find((tensor) => tensor.name === 'prior/mean')?.data.forEach((value, d) => { expect(value).toBeCloseTo(mean[d] ?? NaN, 4); });
    program.dispose();
  });

  it('factorVae: the network that tells the total correlation takes PyTorch\'s steps by an Adam of its own, and no evaluation trains it', async () => {
    const { program } = await buildProgram(name, small({ objective: factorVae({ hidden: [4] }) }), 1, shape);
    await program.setState(set(await program.getState()));
    const given = { ...values, learningRate: 0, discriminatorLearningRate: discriminator.rate };
    for (const wanted of discriminator.losses) {
      expect((await program.evaluate(batch, noiseOf(1), given)).parts['discriminator']).toBeCloseTo(wanted, 4);
      await program.gradients(batch, noiseOf(1), given);
      expect((await program.step(batch, noiseOf(1), given)).parts['discriminator']).toBeCloseTo(wanted, 4);
    }
    const after = new Map((await program.getState()).map((tensor) => [tensor.name, tensor.data]));
    for (const [i, weight] of ['kernel0', 'bias0', 'kernel1', 'bias1'].entries()) discriminator.weights[i]?.forEach((value, k) => { expect(after.get(`objective/${weight}`)?.[k], `${weight}[${k}]`).toBeCloseTo(value, 3); });
    expect(after.get('objective/updates')).toEqual(Float32Array.of(3));
    program.dispose();
  });

  it('draw from the prior that the model has', async () => {
    const count = 3;
    const [noise, choices] = [Float32Array.of(0, 0, 1, -1, 10, -10), Float32Array.of(0.01, 0.3, 0.999)];
    const drawn = async (prior: VaeConfig['prior'], weights: (state: readonly NamedTensor[]) => NamedTensor[] = (state) => [...state]): Promise<number[]> => {
      const { program } = await buildProgram(name, small(prior ? { prior } : {}), 1, shape);
      await program.setState(weights(await program.getState()));
      const z = await program.drawPrior(noise, choices, count);
      expect(await program.decode(z, count)).toHaveLength(count * PIXELS);
      program.dispose();
      return [...z];
    };
    expect(await drawn(standardNormal())).toEqual([...noise]);
    const box = await drawn(uniformBox({ low: 2, high: 4 }));
    [3, 3, 2 + 2 * 0.8413447, 2 + 2 * 0.1586553, 4, 2].forEach((value, i) => { expect(box[i]).toBeCloseTo(value, 4); });
    // Components of weight 0.2, 0.3 and 0.5.
    const own: Record<string, readonly number[]> = { 'prior/means': [1, 2, 3, 4, 5, 6], 'prior/logVariances': [0, 0, Math.log(4), Math.log(4), 0, 0], 'prior/logits': [2, 3, 5].map(Math.log) };
    const mixed = await drawn(mixture({ components: 3 }), (state) => state.map((tensor) => ({ ...tensor, data: own[tensor.name] ? Float32Array.from(own[tensor.name] ?? []) : tensor.data })));
    [1, 2, 3 + 2, 4 - 2, 5 + 10, 6 - 10].forEach((value, i) => { expect(mixed[i]).toBeCloseTo(value, 4); });
  });
});

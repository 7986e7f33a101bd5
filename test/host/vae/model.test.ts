import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/host/engines/index';
import * as vaeLab from '../../../src/vae/index';
import { adam, autoencoder, conditionalVae, elbo, gaussian, isVaeModel, mnist, sgd, sprites, vae, type VaeConfig } from '../../../src/vae/index';

const config: VaeConfig = { data: mnist(), latentDim: 20, encoder: () => [], decoder: () => [] };
/** A config as a JavaScript file could give it. */
const loose = (changes: Record<string, unknown>): VaeConfig => ({ ...config, ...changes });

describe('vae()', () => {
  it('fills the defaults and is recognised', () => {
    const model = vae(config);
    expect(model).toMatchObject({
      kind: 'vae', latentDim: 20, likelihood: { kind: 'bernoulli' }, objective: { kind: 'elbo', beta: 1 },
      training: { epochs: 10, batchSize: 128, optimizer: { kind: 'adam', learningRate: 1e-3 }, seed: 1 },
    });
    expect([isVaeModel(model), isVaeModel({ kind: 'vae' }), isVaeModel(null), isVaeModel(vae)]).toEqual([true, false, false, false]);
  });
  it.each([
    [{ latentDim: 0 }, 'latentDim must be a whole number'],
    [{ latentDims: 2 }, 'no option "latentDims"'],
    [{ data: undefined }, 'data must be made by one of mnist(), fashionMnist(), kmnist(), cifar10(), sprites(), imageFolder()'],
    [{ encoder: [] }, 'encoder must be a function'],
    [{ training: { epoch: 3 } }, 'no option "epoch"'],
    [{ training: { batchSize: 1.5 } }, 'training.batchSize'],
    [{ training: { optimizer: 'adam' } }, 'optimizer must be'],
    [{ likelihood: 'bernoulli' }, 'likelihood must be'],
    [{ logVarianceLimit: 0 }, 'vae(): logVarianceLimit must be a number above 0 and at most 60; got 0.'],
  ])('refuses %j', (changes, sentence) => {
    expect(() => vae(loose(changes))).toThrow(sentence);
  });
  it('bounds log-variances where there is a posterior, as conditionalVae() does', () => {
    expect([vae, conditionalVae].flatMap((make) => [make(config).logVarianceLimit, make({ ...config, logVarianceLimit: 4 }).logVarianceLimit])).toEqual([30, 4, 30, 4]);
    expect(() => conditionalVae(loose({ logVarianceLimit: 61 }))).toThrow('conditionalVae(): logVarianceLimit must be');
    const points = { data: mnist(), latentDim: 2, encoder: () => [], decoder: () => [], logVarianceLimit: 4 };
    expect(() => autoencoder(points)).toThrow('the model has no option "logVarianceLimit"');
  });
  it.each([vae, conditionalVae])('%o: no log-variance passes the bound', async (make) => {
    const model = make({ ...config, latentDim: 2, logVarianceLimit: 0.01, encoder: ({ layers }) => [layers.flatten()], decoder: () => [] });
    const { program } = await buildProgram('cpu', model, 1, [2, 3, 1], { data: { trainCount: 4, classes: 2 } });
    const { logVariance } = await program.encode({ count: 2, data: new Float32Array(12).fill(1), labels: Int32Array.of(0, 1) });
    expect(logVariance.map((value) => Math.abs(value))).toEqual(new Float32Array(4).fill(0.01)); // beyond it by themselves
    program.dispose();
  });
  it('checks numbers where they are given', () => {
    expect(() => elbo({ beta: -1 })).toThrow('elbo(): beta');
    expect(() => adam({ learningRate: 0 })).toThrow('adam(): learningRate');
    expect(() => sgd({ momentum: 1 })).toThrow('sgd(): momentum');
    expect(() => gaussian({ sigma: 0 })).toThrow('gaussian(): sigma');
    expect(() => sprites({ trainCount: 0 })).toThrow('sprites(): trainCount');
  });
  // Each would otherwise train with the default of what was misspelt.
  it.each([
    'elbo', 'iwae', 'betaTcVae', 'factorVae', 'objective', 'adam', 'adamw', 'sgd', 'rmsprop', 'linear', 'cyclic', 'stepDecay', 'cosine', 'reduceOnPlateau', 'gaussian', 'laplace', 'discretizedLogistic',
    'mixture', 'uniformBox', 'gaussianNoise', 'saltAndPepper', 'maskPixels', 'maskBox', 'mlp', 'burgessConv', 'resnetConv',
  ] as const)('refuses options of %s() that it has not, and what are no options', (name) => {
    const make = vaeLab[name] as unknown as (options: unknown) => unknown;
    expect(() => make({ betta: 4 })).toThrow(`${name}(): there is no option "betta". Known: `);
    for (const given of [1e-2, null, [3], 'learned']) expect(() => make(given)).toThrow(`${name}(): give its options as an object, such as {`);
  });
});

import { describe, expect, it } from 'vitest';
import { adam, elbo, gaussian, isVaeModel, mnist, sgd, sprites, vae, type VaeConfig } from '../../../src/vae/index';

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
  ])('refuses %j', (changes, sentence) => {
    expect(() => vae(loose(changes))).toThrow(sentence);
  });
  it('checks numbers where they are given', () => {
    expect(() => elbo({ beta: -1 })).toThrow('elbo(): beta');
    expect(() => adam({ learningRate: 0 })).toThrow('adam(): learningRate');
    expect(() => sgd({ momentum: 1 })).toThrow('sgd(): momentum');
    expect(() => gaussian({ sigma: 0 })).toThrow('gaussian(): sigma');
    expect(() => sprites({ trainCount: 0 })).toThrow('sprites(): trainCount');
  });
});

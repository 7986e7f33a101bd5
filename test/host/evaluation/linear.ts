import fixture from '../../fixtures/evaluation.json';
import { gaussian, mixture, sprites, standardNormal, vae, type Prior } from '../../../src/vae/index';
import { firstValues, hyperparametersOf } from '../../../src/vae/hyperparameters';
import type { Dataset } from '../../../src/host/datasets/dataset';
import { StoredDataset } from '../../../src/host/datasets/storedDataset';
import { FloatStore } from '../../../src/host/datasets/store';
import { startEngine, type NamedEngine, type Program } from '../../../src/host/engines/index';
import type { Subject } from '../../../src/host/evaluation/subject';
import { RunPrior } from '../../../src/host/prior/runPrior';

export const { linear } = fixture;
export type Kind = 'orthogonal' | 'oblique';

/** Examples that are given, the same for training and test. */
export function given(values: readonly number[], pixels: number): Dataset {
  const store = new FloatStore(Float32Array.from(values), pixels);
  return new StoredDataset({ name: 'given', imageShape: [1, pixels, 1], preparation: { binarization: 'none', validation: 0, corruption: [], seed: 1 }, train: store, test: store });
}

/** A linear Gaussian VAE, whose likelihood is known: its posterior's means are the true ones, its variances those of the true posterior, which is exact where W is orthogonal. */
export async function linearVae(engine: NamedEngine, kind: Kind, prior: Prior = standardNormal()): Promise<Subject> {
  const { latent, pixels, b, sigma, x, count } = linear;
  const { w, posteriorWeights, posteriorVariances } = linear[kind];
  const model = vae({
    data: sprites(), latentDim: latent, likelihood: gaussian({ sigma }), prior,
    encoder: ({ layers }) => [layers.flatten()], decoder: () => [],
  });
  const program: Program = await (await startEngine[engine]()).build(model, 1, [1, pixels, 1]);
  const bias = posteriorVariances.map((_, i) => -posteriorWeights.reduce((sum, weight, at) => sum + (at % latent === i ? weight * (b[Math.floor(at / latent)] ?? 0) : 0), 0));
  const values: Record<string, readonly number[]> = {
    'mean/kernel': posteriorWeights, 'mean/bias': bias, 'logVariance/kernel': posteriorWeights.map(() => 0), 'logVariance/bias': posteriorVariances.map(Math.log), 'output/kernel': w, 'output/bias': b,
    'prior/means': [0, 0, 0, 0], 'prior/logVariances': [0, 0, 0, 0], 'prior/logits': [0.3, -1],
  };
  await program.setState((await program.getState()).map((tensor) => ({ ...tensor, data: values[tensor.name] ? Float32Array.from(values[tensor.name] ?? []) : tensor.data })));
  const [dataset, exclusive] = [given(x, pixels), <T>(work: () => Promise<T>): Promise<T> => work()];
  return {
    program, model, dataset, hyperparameters: firstValues(hyperparametersOf(model)), exclusive, prior: await RunPrior.open({ program, model, dataset, exclusive, dir: '', seed: 1, step: () => 0, tell: () => undefined }), count, options: { split: 'test', k: 1, seed: 1 }, onProgress: () => undefined,
  };
}
export const twoAlike = mixture({ components: 2 });
export const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

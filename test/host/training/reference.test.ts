import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { startEngine, type NamedEngine } from '../../../src/host/engines/index';
import { loadModel } from '../../../src/host/loadModel';
import { Trainer } from '../../../src/host/training/index';
import { firstValues, hyperparametersOf, specsOf } from '../../../src/vae/hyperparameters';
import { hasTensorflow } from '../engines/available';

/** PyTorch's test -ELBO after one epoch, in nats (test/fixtures/referenceVae.py: 126.8 to 128.1 over six seeds). */
const PYTORCH = 127.1;
const found = new Map<NamedEngine, number>();
afterAll(() => { console.log('test -ELBO of the reference VAE after one epoch of MNIST, nats:', Object.fromEntries(found)); });

/** Over the whole held-out set. `cpu` takes six minutes and is not here: `npx vae-lab train samples/digits.vae.ts --epochs 1 --engine cpu`. */
async function oneEpoch(name: NamedEngine): Promise<number> {
  const { model } = await loadModel(path.resolve('samples/digits.vae.ts'), 'digits');
  const dataset = await loadDataset(model.data);
  const engine = await startEngine[name]();
  const program = await engine.build(model, model.training.seed, dataset.imageShape);
  const live = hyperparametersOf(model);
  const trainer = await Trainer.create({ program, dataset, latentDim: model.latentDim, training: { ...model.training, epochs: 1 }, hyperparameters: firstValues(live), specs: specsOf(live) });
  let loss = NaN;
  await trainer.run({ onPoint: () => undefined, onEpochEnd: (point) => { loss = point.loss; } });
  program.dispose();
  return loss;
}

describe.skipIf(!process.env['VAE_LAB_DATA'])('one epoch of MNIST', () => {
  it.each(hasTensorflow ? ['compiled', 'tensorflow', 'wasm'] as const : ['compiled', 'wasm'] as const)('brings %s where PyTorch is', async (engine) => {
    const loss = await oneEpoch(engine);
    found.set(engine, loss);
    expect(Math.abs(loss - PYTORCH)).toBeLessThan(1.5);
  }, 600_000);
  it('brings every engine to the same place from the same seed', () => {
    const losses = [...found.values()];
    expect(losses.length).toBeGreaterThan(1);
    expect(Math.max(...losses) - Math.min(...losses)).toBeLessThan(0.3);
  });
});

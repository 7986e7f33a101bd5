import { factsOf, loadDataset } from '../../src/host/datasets/index';
import { buildProgram } from '../../src/host/engines/index';
import type { Subject } from '../../src/host/evaluation/subject';
import { Trainer } from '../../src/host/training/index';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../../src/vae/hyperparameters';
import type { VaeModel } from '../../src/vae/index';
import { samplesOf } from '../../src/vae/objectives/index';
import { RunPrior } from '../../src/host/prior/runPrior';

/** A model after an epoch: what is needed to evaluate it on the test set, and the mean of the epoch's training losses. */
export interface AfterEpoch { readonly epoch: number; readonly subject: Subject; readonly trainLoss: number }

/** Trains a model under a seed as a run does, and calls after each epoch. Returns the engine in words. */
export async function train(given: VaeModel, seed: number, epochs: number, afterEpoch: (after: AfterEpoch) => Promise<void>): Promise<string> {
  const model = { ...given, training: { ...given.training, seed, epochs } };
  const dataset = await loadDataset(model.data);
  const { program, engine } = await buildProgram('compiled', model, seed, dataset.imageShape, { data: factsOf(dataset) });
  const live = hyperparametersOf(model);
  const stepsPerEpoch = Math.floor(dataset.trainCount / model.training.batchSize);
  const trainer = await Trainer.create({
    program, dataset, latentDim: model.latentDim, samples: samplesOf(model.objective), training: model.training,
    hyperparameters: firstValues(live, stepsPerEpoch * epochs, stepsPerEpoch), specs: specsOf(live), schedules: schedulesOf(live),
  });
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => trainer.exclusive(work);
  const prior = await RunPrior.open({ program, dataset, model, exclusive, dir: '', seed, step: () => trainer.step, tell: () => undefined });
  let sum = 0;
  await trainer.run({
    onPoint: ({ split, loss }) => { if (split === 'train') sum += loss; },
    onEpochEnd: async ({ epoch }) => {
      const subject: Subject = {
        program, dataset, model, hyperparameters: trainer.hyperparameters, exclusive, prior, count: dataset.testCount, options: { split: 'test', k: 1, seed: 1 }, onProgress: () => undefined,
      };
      await afterEpoch({ epoch, subject, trainLoss: sum / stepsPerEpoch });
      sum = 0;
    },
  });
  program.dispose();
  return engine.device;
}

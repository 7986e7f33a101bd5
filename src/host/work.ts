import { errorText } from '../protocol/errorText';
import type { DataSummary, Manifest } from '../protocol/run';
import { engineNames, isEngineName, type EngineName } from '../spec/engines';
import { checkHyperparameter } from '../spec/hyperparameters';
import { codeOf } from '../spec/models';
import { firstValues, hyperparametersOf, schedulesOf, specsOf } from '../vae/hyperparameters';
import type { VaeModel } from '../vae/model';
import { whereMade } from '../vae/models/index';
import { priorEntry } from '../vae/priors/index';
import type { Schedule } from '../vae/schedules';
import type { Beginning } from './beginning';
import { DataError, factsOf, loadDataset, type Dataset, type LoadOptions } from './datasets/index';
import { conditionClasses } from './engines/condition';
import { EngineError } from './engines/index';
import { HyperparameterError } from './hyperparameterError';
import type { TrainerOptions } from './training/index';

/** What a run trains, once the model file and the data are read. */
export interface Work extends Pick<TrainerOptions, 'training' | 'hyperparameters' | 'specs'> {
  readonly engine: EngineName;
  readonly model: VaeModel;
  readonly dataset: Dataset;
  readonly data: Promise<DataSummary>;
  readonly schedules: Readonly<Record<string, Schedule>>;
  /** The calls by which the model was made. */
  readonly whereMade: string;
}

/** @throws EngineError */
export function engineAsked(name: string): EngineName {
  if (!isEngineName(name)) throw new EngineError(`There is no engine "${name}". Known: ${engineNames.join(', ')}.`);
  return name;
}

/** @throws DataError with the model's line where it needs labels that the data lack */
function checkLabels(model: VaeModel, dataset: Dataset): void {
  try {
    conditionClasses(model, factsOf(dataset));
  } catch (error) {
    const missing = new DataError(errorText(error));
    missing.stack = `${missing.message}\n${whereMade(model) ?? ''}`;
    throw missing;
  }
}

/** Reads the data, and puts together what the model says and what was asked for. @throws HyperparameterError; DataError; the signal's reason when cancelled */
export async function readWork(model: VaeModel, asked: Beginning['asked'], options: LoadOptions): Promise<Work> {
  const engine = engineAsked(asked.engine);
  const training = { ...model.training, epochs: asked.epochs ?? model.training.epochs, seed: asked.seed ?? model.training.seed };
  const live = hyperparametersOf(model);
  const specs = specsOf(live);
  for (const [key, value] of Object.entries(asked.set)) {
    const wrong = checkHyperparameter(specs, key, value);
    if (wrong !== undefined) throw new HyperparameterError(wrong);
  }
  const dataset = await loadDataset(model.data, options);
  checkLabels(model, dataset);
  const fitted = { ...model, training: { ...model.training, batchSize: Math.min(training.batchSize, dataset.trainCount) } }; // else a step is compiled that never comes
  const data = dataset.summary(); // hashed in a thread of its own, while the model is built
  data.catch(() => undefined); // said when it is needed
  const stepsPerEpoch = Math.floor(dataset.trainCount / fitted.training.batchSize);
  const hyperparameters = { ...firstValues(live, stepsPerEpoch * training.epochs, stepsPerEpoch), ...asked.set };
  const schedules = Object.fromEntries(Object.entries(schedulesOf(live)).filter(([key]) => !(key in asked.set)));
  return { engine, model: fitted, dataset, data, training, hyperparameters, specs, schedules, whereMade: whereMade(model) ?? '' };
}

export function priorInWords({ prior, kind }: VaeModel): Manifest['prior'] {
  const entry = priorEntry(prior);
  const [low, high] = entry.range(prior);
  return { kind: prior.kind, kl: codeOf[kind] === 'point' ? 'none' : entry.kl ? 'closed' : 'monteCarlo', range: [low, high] };
}

import type { ModelKind } from '../../spec/models';
import { dataKinds, isDataDescription } from '../data/index';
import { hyperparametersOf } from '../hyperparameters';
import { inRange } from '../inRange';
import { isInitializer } from '../initializers';
import { bernoulli, likelihoods } from '../likelihoods/index';
import { branded, type ModelOptions, type TrainingOptions, type VaeModel } from '../model';
import { objective as own, objectiveEntry, objectives, type Objective, type ObjectiveFunction } from '../objectives/index';
import { adam, optimizerKinds } from '../optimizers';
import { priors, type Prior } from '../priors/index';

const shared: Record<keyof ModelOptions, true> = { data: true, encoder: true, decoder: true, likelihood: true, initializer: true, training: true };
const knownTraining: Record<keyof TrainingOptions, true> = { epochs: true, batchSize: true, optimizer: true, clipNorm: true, seed: true };

/** What the functions of the family check alike, each under its own name. */
export class Checks {
  constructor(private readonly where: ModelKind) {}

  that(holds: boolean, sentence: string): void {
    if (!holds) throw new TypeError(`model ${this.where}(): ${sentence}`);
  }
  whole(name: string, value: number, low: number, high: number): number {
    this.that(Number.isInteger(value) && value >= low && value <= high, `${name} must be a whole number from ${low} to ${high}; got ${String(value)}.`);
    return value;
  }
  known(given: object, names: object, where: string): void {
    for (const name of Object.keys(given)) this.that(Object.hasOwn(names, name), `${where} has no option "${name}". Known: ${Object.keys(names).join(', ')}.`);
  }
}

const kindOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined);
const isOf = (catalogue: object, description: unknown): boolean => Object.hasOwn(catalogue, String(kindOf(description)));
/** The functions that give a catalogue's descriptions; a person's own objective has another name. */
const called = (kinds: readonly string[]): string => kinds.filter((kind) => kind !== 'own').map((kind) => `${kind}()`).join(', ');

/** What one function of the family settles by itself. */
export interface Settled {
  readonly kind: ModelKind;
  readonly latentDim: number;
  readonly grid?: VaeModel['grid'];
  readonly prior: Prior;
  /** As it was given; default 30. */
  readonly logVarianceLimit?: number | undefined;
  /** A person's own one may be a function alone. */
  readonly objective: Objective | ObjectiveFunction<never, never>;
  /** The objectives that such a model has. */
  readonly objectiveKinds: readonly Objective['kind'][];
}

/** Refuses a config that is none, or has options that nobody knows. @throws TypeError */
export function checkOptions(kind: ModelKind, config: unknown, own: object): void {
  const checks = new Checks(kind);
  if (typeof config !== 'object' || config === null) throw new TypeError(`model ${kind}(): give an object with ${['data', ...Object.keys(own).slice(0, 1), 'encoder'].join(', ')} and decoder.`);
  checks.known(config, { ...shared, ...own }, 'the model');
}

/** A model with its defaults, checked. @throws TypeError, in one sentence, when an option is missing or out of range. */
export function describe(config: ModelOptions, { kind, latentDim, grid, prior, logVarianceLimit = 30, objective: given, objectiveKinds }: Settled): VaeModel {
  const checks = new Checks(kind);
  checks.that(isDataDescription(config.data), `data must be made by one of ${called(dataKinds)}.`);
  checks.that(typeof config.encoder === 'function', 'encoder must be a function such as ({ layers }) => [layers.flatten(), layers.dense({ units: 400 })].');
  checks.that(typeof config.decoder === 'function', 'decoder must be a function such as ({ layers }) => [layers.dense({ units: 400 })].');
  const likelihood = config.likelihood ?? bernoulli();
  const objective = typeof given === 'function' ? own({ parts: given }) : given;
  checks.that(isOf(likelihoods, likelihood), `likelihood must be one of ${called(Object.keys(likelihoods))}.`);
  checks.that(isOf(priors, prior), `prior must be one of ${called(Object.keys(priors).filter((name) => name !== 'fittedGaussian' && name !== 'codebook'))}.`);
  checks.that(isOf(objectives, objective) && objectiveKinds.includes(objective.kind), `objective must be one of ${called(objectiveKinds)}, objective({ parts }) or a function that gives the parts of the loss.`);
  inRange(kind, 'logVarianceLimit', logVarianceLimit, 0, 60, false);
  const { data, encoder, decoder, initializer } = config;
  checks.that(initializer === undefined || isInitializer(initializer), 'initializer must be initializers.torchDefault().');
  const model: VaeModel = { kind, data, latentDim, encoder, decoder, likelihood, prior, logVarianceLimit, objective, training: trainingOf(config.training ?? {}, checks, kind), ...(grid ? { grid } : {}), ...(initializer ? { initializer } : {}) };
  const { leastBatch = 1 } = objectiveEntry(objective);
  checks.that(model.training.batchSize >= leastBatch, `${objective.kind}() compares the codes of different examples: training.batchSize must be ${leastBatch} or more.`);
  hyperparametersOf(model); // names two parts of it share are refused here
  const made = branded(model);
  stacks.set(made, (new Error().stack ?? '').replace(/^.*\n/, ''));
  return made;
}

const stacks = new WeakMap<VaeModel, string>();
/** The calls by which a model was made: the person's line, for what turns out later to be wrong with it. */
export const whereMade = (model: VaeModel): string | undefined => stacks.get(model);

function trainingOf(given: TrainingOptions, checks: Checks, kind: ModelKind): VaeModel['training'] {
  checks.that(typeof given === 'object' && given !== null, 'training must be an object such as { epochs: 10 }.');
  checks.known(given, knownTraining, 'training');
  const training = { epochs: given.epochs ?? 10, batchSize: given.batchSize ?? 128, optimizer: given.optimizer ?? adam(), seed: given.seed ?? 1, ...(given.clipNorm === undefined ? {} : { clipNorm: given.clipNorm }) };
  checks.whole('training.epochs', training.epochs, 1, 1_000_000);
  checks.whole('training.batchSize', training.batchSize, 1, 65_536);
  checks.whole('training.seed', training.seed, 0, 0xffffffff);
  checks.that(isOf(optimizerKinds, training.optimizer), 'training.optimizer must be adam(), adamw(), sgd() or rmsprop().');
  if (training.clipNorm !== undefined) inRange(kind, 'training.clipNorm', training.clipNorm, 0, 1e9, false);
  return training;
}

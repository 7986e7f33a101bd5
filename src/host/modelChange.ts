import { hyperparametersOf, schedulesOf, specsOf } from '../vae/hyperparameters';
import type { VaeModel } from '../vae/model';
import { isSchedule, scheduledValue } from '../vae/schedules';
import type { Beginning } from './beginning';
import { UPDATES } from './engines/checkpoint';
import type { NamedTensor, Origin, Way } from './engines/index';
import { loadModel, ModelFileError } from './loadModel';
import { makeProgram, type Made, type MakeOptions } from './making';
import type { SchedulesState } from './training/schedules';
import type { TrainerState } from './training/index';
import type { Work } from './work';

/** Weights that come and go with a part of the loss; those of the networks are what a run has learned. */
const ofParts = /^(objective|likelihood|prior)\//;
const ofOptimizer = /^optimizer\//;

/** A value as data: functions by their text. */
const plain = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'function' ? String(inner) : inner)) ?? 'undefined';
const same = (a: unknown, b: unknown): boolean => plain(a) === plain(b);

/** As it stands in code. */
function inCode(value: unknown): string {
  if (typeof value === 'function') return 'function';
  if (value === undefined) return 'none';
  if (!isSchedule(value)) return plain(value);
  return `${value.kind}({ ${Object.entries(value).flatMap(([name, inner]) => (name === 'kind' ? [] : [`${name}: ${String(inner)}`])).join(', ')} })`;
}
const partsOf = ({ objective, likelihood, prior, logVarianceLimit, encoder, decoder, training: { optimizer, clipNorm, epochs } }: VaeModel): Record<string, unknown> =>
  ({ objective, likelihood, prior, logVarianceLimit, encoder, decoder, 'training.optimizer': optimizer, 'training.clipNorm': clipNorm, 'training.epochs': epochs });
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of a model is another than before, each with both values: `objective.beta: 1 -> 4`. Empty where only the text differs. */
export function whatChanged(before: VaeModel, after: VaeModel): string[] {
  const differences = (name: string, a: unknown, b: unknown): string[] => {
    if (same(a, b)) return [];
    if (isRecord(a) && isRecord(b) && a['kind'] === b['kind'] && !isSchedule(a)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => differences(`${name}.${key}`, a[key], b[key]));
    if (isRecord(a) && isRecord(b) && typeof a['kind'] === 'string' && a['kind'] !== b['kind'] && !isSchedule(a) && !isSchedule(b)) return [`${name}: ${a['kind']} -> ${String(b['kind'])}`];
    return [typeof a === 'function' && typeof b === 'function' ? name : `${name}: ${inCode(a)} -> ${inCode(b)}`];
  };
  const [was, is] = [partsOf(before), partsOf(after)];
  return Object.keys(was).flatMap((name) => differences(name, was[name], is[name]))
    .filter((words) => !/^training\.optimizer\.learningRate/.test(words) || !isSchedule(after.training.optimizer.schedule)); // the schedule says it
}

/** @throws ModelFileError where what is trained on, or in which order, would be another */
export function checkChange(before: VaeModel, after: VaeModel): void {
  if (!same(before.data, after.data)) throw new ModelFileError('The data are others now. That needs a run of its own: restart the training.');
  if (before.kind !== after.kind || before.latentDim !== after.latentDim || !same(before.grid, after.grid)) throw new ModelFileError('The latent space is another now. That needs a run of its own: restart the training.');
  if (before.training.batchSize !== after.training.batchSize) throw new ModelFileError(`The batch size is ${after.training.batchSize} now, and ${before.training.batchSize} in the run. That needs a run of its own: restart the training.`);
  if (before.training.seed !== after.training.seed) throw new ModelFileError('The seed is another now. That needs a run of its own: restart the training.');
}

/** What was asked for beside the model's text, without what the text says anew. */
export function askedAfter(asked: Beginning['asked'], before: VaeModel, after: VaeModel): Beginning['asked'] {
  const [was, is] = [hyperparametersOf(before), hyperparametersOf(after)];
  const set = Object.fromEntries(Object.entries(asked.set).filter(([name]) => name in is && same(was[name]?.value, is[name]?.value)));
  const { epochs, ...rest } = asked;
  return { ...rest, set, ...(epochs === undefined || before.training.epochs !== after.training.epochs ? {} : { epochs }) };
}

/** What the run trains from here on, with the data that it has. */
export function workAfter(work: Work, model: VaeModel, asked: Beginning['asked']): Work {
  const live = hyperparametersOf(model);
  return {
    ...work, model: { ...model, training: { ...model.training, batchSize: work.model.training.batchSize } }, specs: specsOf(live),
    training: { ...work.training, epochs: asked.epochs ?? model.training.epochs },
    schedules: Object.fromEntries(Object.entries(schedulesOf(live)).filter(([name]) => !(name in asked.set))),
  };
}

/**
 * The state with which the changed model goes on: the networks' weights as they are, and an optimizer of the same kind with its moments. What a new part of the loss brings along is as it begins.
 * @throws ModelFileError naming the first weight of another shape
 */
export function carried(old: readonly NamedTensor[], fresh: readonly NamedTensor[], keepsMoments: boolean): NamedTensor[] {
  const byName = new Map(old.map((tensor) => [tensor.name, tensor]));
  const isNetwork = ({ name }: NamedTensor): boolean => !ofParts.test(name) && !ofOptimizer.test(name);
  const gone = old.find((tensor) => isNetwork(tensor) && !fresh.some(({ name }) => name === tensor.name));
  if (gone) throw new ModelFileError(`The model has no weight "${gone.name}" any more. That needs a run of its own: restart the training.`);
  return fresh.map((tensor) => {
    const known = byName.get(tensor.name);
    const fits = known?.shape.join() === tensor.shape.join();
    if (isNetwork(tensor) && !known) throw new ModelFileError(`The run has no weight "${tensor.name}". That needs a run of its own: restart the training.`);
    if (isNetwork(tensor) && known && !fits) throw new ModelFileError(`The weight "${tensor.name}" has the shape [${tensor.shape.join(', ')}] now, and [${known.shape.join(', ')}] in the run. That needs a run of its own: restart the training.`);
    if (known && fits && (!ofOptimizer.test(tensor.name) || keepsMoments)) return known;
    return tensor.name === UPDATES ? { ...tensor, data: new Float32Array(1) } : tensor;
  });
}

const partsOfLoss = ['objective', 'likelihood', 'prior', 'logVarianceLimit'] as const;
/** The training loop's state for the changed model: a hyperparameter whose value in the text is the same stays as it is in the run, whoever set it; another, or a new one, is as the text says. */
export function stateAfter({ firstLoss: _, ...state }: TrainerState, before: VaeModel, { model, schedules: following, training }: Work, stepsPerEpoch: number): TrainerState {
  const [was, is] = [hyperparametersOf(before), hyperparametersOf(model)];
  const position = { step: state.step, totalSteps: stepsPerEpoch * training.epochs, stepsPerEpoch };
  const values: Record<string, number> = {};
  const schedules: Record<string, SchedulesState[string]> = {};
  for (const [name, { value }] of Object.entries(is)) {
    const stays = same(was[name]?.value, value) && name in state.hyperparameters;
    if (isSchedule(value) && name in following && (!stays || (state.schedules && name in state.schedules))) schedules[name] = stays ? state.schedules?.[name] ?? {} : {};
    values[name] = stays ? state.hyperparameters[name] ?? NaN : isSchedule(value) ? scheduledValue(value, position) : value;
  }
  const comparable = partsOfLoss.every((part) => same(before[part], model[part]));
  return { ...state, hyperparameters: { learningRate: state.hyperparameters.learningRate, ...values }, schedules, revision: (state.revision ?? 0) + 1, ...(comparable ? {} : { comparableSince: state.step + 1 }) };
}

/** A changed model, built and ready to go on. */
export interface Changed { readonly made: Made; readonly what: readonly string[]; readonly asked: Beginning['asked']; readonly notice?: string }
interface ChangeOptions {
  /** What trains now; nothing of it may run meanwhile. */
  readonly now: Made;
  /** What was asked for beside the model's text up to now. */
  readonly asked: Beginning['asked'];
  readonly origin: Origin;
  readonly run: MakeOptions['run'];
  readonly refused: ReadonlyMap<Way, string>;
  /** Runs work on what trains now, between two of its steps. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
  /** Called when the change is known to be one that can be made, before it is. */
  readonly before: () => Promise<void>;
}

/** Builds what a changed text says, with the weights and the optimizer of what trains now. @throws ModelFileError, EngineError or what the person's code throws: then nothing has changed */
export async function makeChanged({ now: { work, trainer, program }, asked: askedBefore, origin, run, refused, exclusive, before }: ChangeOptions): Promise<Changed> {
  const loaded = (await exclusive(() => loadModel(origin.modelFile, origin.modelName, origin.source))).model;
  const model = { ...loaded, training: { ...loaded.training, batchSize: Math.min(loaded.training.batchSize, work.dataset.trainCount) } };
  checkChange(work.model, model);
  const asked = askedAfter(askedBefore, work.model, model);
  const next = workAfter(work, model, asked);
  const done = Math.floor(trainer.step / trainer.stepsPerEpoch);
  if (next.training.epochs * trainer.stepsPerEpoch <= trainer.step) throw new ModelFileError(`${done} epochs are trained already. Give more epochs than that.`);
  await before();
  const sameOptimizer = work.model.training.optimizer.kind === model.training.optimizer.kind;
  const made = await exclusive(() => makeProgram(next, {
    refused, origin, run,
    begin: async (fresh) => ({ tensors: carried(await program.getState(), await fresh.getState(), sameOptimizer), trainer: stateAfter(trainer.getState(), work.model, next, trainer.stepsPerEpoch) }),
  }));
  return { made, what: whatChanged(work.model, model), asked, ...(sameOptimizer ? {} : { notice: 'The optimizer is of another kind, so its averages begin anew.' }) };
}

import { readFile } from 'node:fs/promises';
import { SCHEMA_VERSION, sourceOf, textOf, type DataSummary, type Manifest, type Mark, type MetricPoint, type ModelChange, type ModelText } from '../protocol/run';
import { damageNotice, type Best, type Checkpoint } from '../runs/checkpoints';
import { RunDirectory } from '../runs/runDirectory';
import { checkHyperparameter } from '../spec/hyperparameters';
import { DataError } from './datasets/index';
import type { NamedTensor, Way } from './engines/index';
import { leaveOutCard, refusedIn, refusedSince } from './handOver';
import { ModelFileError } from './loadModel';
import type { TrainerHostOptions } from './options';
import { parseTrainerState } from './training/trainerState';
import type { TrainerState } from './training/index';

/** What a run begins with: nothing, its own last checkpoint, or that of another. */
export interface Beginning {
  readonly directory: RunDirectory;
  readonly manifest: Manifest;
  readonly asked: NonNullable<Manifest['asked']>;
  /** The model file's text as it was, and where; empty: as it is now. */
  readonly text: ModelText;
  readonly from?: { readonly tensors: readonly NamedTensor[]; readonly trainer: TrainerState; readonly best?: Best | undefined };
  /** Engines that are left out, each with a sentence why. */
  readonly refused: ReadonlyMap<Way, string>;
  readonly metrics: readonly MetricPoint[];
  readonly marks: readonly Mark[];
  /** Hyperparameters that were changed after the checkpoint, and will be again, before the step of the mark. */
  readonly pending: readonly Mark[];
}

const host = (): Manifest['host'] => ({ pid: process.pid, startedAt: new Date().toISOString(), node: process.version });
const preparing = { kind: 'preparing', what: 'Loading the model file' } as const;

/** @throws NewerRunError; the file system's error where the folder cannot be written */
export function begin(options: TrainerHostOptions): Promise<Beginning> {
  return options.resume ? beginAgain(options) : options.branch ? beginBranch(options, options.branch) : beginNew(options);
}

async function beginNew(options: TrainerHostOptions): Promise<Beginning> {
  const { engine, epochs, seed, set, keepEvery } = options;
  const asked = { engine, set, ...(epochs === undefined ? {} : { epochs }), ...(seed === undefined ? {} : { seed }), ...(keepEvery === undefined ? {} : { keepEvery }) };
  const directory = await RunDirectory.create(options.dir);
  const manifest: Manifest = {
    schemaVersion: SCHEMA_VERSION, id: options.runId, modelFile: options.modelFile, modelName: options.modelName ?? '', source: await readFile(options.modelFile, 'utf8').catch(() => ''), createdAt: new Date().toISOString(),
    engine, device: '', seed: seed ?? 1, epochs: epochs ?? 1, batchSize: 1, stepsPerEpoch: 0, latentDim: 0, imageShape: [0, 0, 0], testCount: 0, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, asked, host: host(), state: preparing, lastStep: 0,
  };
  return { directory, manifest, asked, text: { source: '', modelFile: options.modelFile }, refused: new Map(), metrics: [], marks: [], pending: [] };
}

/** How often the model was changed before. */
const revisionOf = (checkpoint: Checkpoint | undefined): number => (checkpoint ? parseTrainerState(checkpoint.trainer).revision ?? 0 : 0);

/** As it was asked for; of a run that does not say, as it turned out. From a checkpoint on with the engine that wrote it. */
function askedOf({ asked, changes = [], engine, epochs, seed, hyperparameters }: Manifest, checkpoint: Checkpoint | undefined): Beginning['asked'] {
  const known = changes[revisionOf(checkpoint) - 1]?.asked ?? asked ?? { engine, epochs, seed, set: hyperparameters };
  return checkpoint ? { ...known, engine } : known;
}
const startOf = ({ tensors, trainer, best }: Checkpoint) => ({ tensors: [...tensors], trainer: parseTrainerState(trainer), best });
const lastLossOf = (metrics: readonly MetricPoint[]): { lastLoss?: number } => { const last = metrics.filter(({ split }) => split === 'test').at(-1); return last ? { lastLoss: last.loss } : {}; };
/** Takes fields out that a new beginning says anew. */
const without = ({ checkpointNotice: _notice, lastLoss: _loss, ...manifest }: Manifest): Manifest => manifest;

async function beginAgain({ dir }: TrainerHostOptions): Promise<Beginning> {
  const directory = new RunDirectory(dir);
  const before = without(await directory.readManifest());
  leaveOutCard(before);
  const { checkpoint, damaged } = await directory.checkpoints.newest();
  const step = checkpoint?.step ?? 0;
  const metrics = await directory.rewind(checkpoint ? step : -1);
  const all = await directory.readMarks();
  const notice = damageNotice(damaged, checkpoint?.step);
  return {
    directory, asked: askedOf(before, checkpoint), text: textOf(before, revisionOf(checkpoint)), refused: refusedSince(before, checkpoint?.step), metrics, marks: all.filter((mark) => mark.step <= step), pending: all.filter((mark) => mark.step > step),
    manifest: { ...before, host: host(), state: preparing, lastStep: step, ...lastLossOf(metrics), ...(notice === undefined ? {} : { checkpointNotice: notice }) },
    ...(checkpoint ? { from: startOf(checkpoint) } : {}),
  };
}

async function readChosen({ checkpoints }: RunDirectory, step: number): Promise<Checkpoint> {
  if (!(await checkpoints.steps()).includes(step)) throw new Error(`There is no checkpoint of step ${step} any more; there are the newest two, the best, and those that a setting keeps.`);
  return checkpoints.read(step);
}

/** A copy of the other run as it was at that step, which goes on in its own way. */
async function beginBranch(options: TrainerHostOptions, { dir, step }: NonNullable<TrainerHostOptions['branch']>): Promise<Beginning> {
  const parent = new RunDirectory(dir);
  const before = without(await parent.readManifest());
  const { checkpoint, damaged } = step === undefined ? await parent.checkpoints.newest() : { checkpoint: await readChosen(parent, step), damaged: [] };
  if (!checkpoint) throw new Error('This run has no checkpoint to branch from. Train it for an epoch, or stop it, and one is written.');
  const from = startOf(checkpoint);
  const values: Readonly<Record<string, number>> = from.trainer.hyperparameters;
  const pending = Object.entries(options.set).map(([name, to]): Mark => {
    const wrong = checkHyperparameter(before.hyperparameterSpecs, name, to);
    if (wrong !== undefined) throw new ModelFileError(wrong);
    return { step: checkpoint.step + 1, seconds: from.trainer.seconds, name, from: values[name] ?? to, to };
  });
  const metrics = (await parent.readMetrics()).filter((point) => point.step <= checkpoint.step);
  const marks = (await parent.readMarks()).filter((mark) => mark.step <= checkpoint.step);
  const { engine, keepEvery } = options;
  const done = Math.floor(checkpoint.step / before.stepsPerEpoch);
  const epochs = options.epochs ?? (before.epochs > done ? before.epochs : done + before.epochs);
  if (epochs <= done) throw new Error(`${done} epochs are trained already. Give more epochs than that.`);
  const asked = { ...askedOf(before, checkpoint), epochs, ...(engine === 'auto' ? {} : { engine }), ...(keepEvery === undefined ? {} : { keepEvery }) };
  const revision = revisionOf(checkpoint);
  const text = options.branch?.edited ? await readFile(before.modelFile, 'utf8') : undefined;
  const changes: ModelChange[] = (before.changes ?? []).slice(0, revision).map((change, i) => (i === revision - 1 ? { ...change, asked } : change));
  if (text !== undefined && text !== sourceOf(before, revision)) changes.push({ step: checkpoint.step + 1, seconds: from.trainer.seconds, marks: marks.length + pending.length, what: [], source: text, asked }); // made when training begins
  const notice = damageNotice(damaged, checkpoint.step);
  const directory = await RunDirectory.create(options.dir);
  const best = checkpoint.best?.step === checkpoint.step ? checkpoint.best : undefined; // another one's file is the parent's
  await directory.checkpoints.write({ ...checkpoint, best });
  directory.appendMetrics(metrics);
  directory.rewriteMarks([...marks, ...pending]);
  await directory.syncLines();
  return {
    directory, asked, text: textOf(before, revision), from: { ...from, best }, refused: refusedIn(before), metrics, marks, pending,
    manifest: {
      ...before, id: options.runId, createdAt: new Date().toISOString(), parent: { id: before.id, step: checkpoint.step }, asked: revision === 0 ? asked : before.asked, changes, host: host(), state: preparing, lastStep: checkpoint.step, ...lastLossOf(metrics),
      ...(notice === undefined ? {} : { checkpointNotice: notice }),
    },
  };
}

/** A run that goes on must see what it saw. @throws DataError */
export function checkData({ from, manifest }: Pick<Beginning, 'from' | 'manifest'>, { fingerprint }: DataSummary, stepsPerEpoch: number): void {
  if (from && ((manifest.data && manifest.data.fingerprint !== fingerprint) || manifest.stepsPerEpoch !== stepsPerEpoch)) throw new DataError('The data of this run have changed since. Put them back, or train anew.');
}

import * as z from 'zod';
import { classicSpecs } from '../spec/hyperparameters';

/** Before objectives named their parts, a point had these two beside the loss. */
function withParts(point: unknown): unknown {
  if (typeof point !== 'object' || point === null || 'parts' in point || !('reconstruction' in point) || !('kl' in point)) return point;
  const { reconstruction, kl, ...rest } = point;
  return { ...rest, parts: { reconstruction, kl } };
}

/** What an update did to a layer: the L2 norm of its gradient before clipping, and that of its change relative to that of its weights. */
export const layerNormsSchema = z.object({ gradientNorm: z.number().nonnegative(), updateRatio: z.number().nonnegative() });
export type LayerNorms = z.infer<typeof layerNormsSchema>;

/** Loss parts of one split at one step, in nats per example (summed over pixels and latent dimensions, averaged over the batch). */
export const metricPointSchema = z.preprocess(withParts, z.object({
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  split: z.enum(['train', 'test']),
  /** Seconds of training since the run started, pauses left out. */
  seconds: z.number().nonnegative(),
  loss: z.number(),
  /** By the names that the objective gives them, without their weights. */
  parts: z.record(z.string(), z.number()),
  /** True for the mean over the whole held-out set, after an epoch; other held-out points are over one fixed batch. */
  wholeSet: z.boolean().optional(),
  /** Of a training step: the L2 norm of all gradients together, before clipping. */
  gradientNorm: z.number().nonnegative().optional(),
  /** Of one training step in so many, by layer (`encoder/1`, `mean`, `output`, ...). */
  layers: z.record(z.string(), layerNormsSchema).optional(),
  /** Of a training step: the values of the hyperparameters that follow a schedule, or did before. */
  scheduled: z.record(z.string(), z.number()).optional(),
}));
export type MetricPoint = z.infer<typeof metricPointSchema>;

/** A change of a hyperparameter while training; a mark on the curves. */
export const markSchema = z.object({
  step: z.number().int().nonnegative(),
  seconds: z.number().nonnegative(),
  name: z.string(),
  from: z.number(),
  to: z.number(),
  /** It followed a schedule until then. */
  endsSchedule: z.boolean().optional(),
});
export type Mark = z.infer<typeof markSchema>;

export const sourceLocationSchema = z.object({ file: z.string(), line: z.number().int().positive(), column: z.number().int().positive().optional() });
export type SourceLocation = z.infer<typeof sourceLocationSchema>;

/** What went wrong: `code` is for programs, `message` a sentence a person can act on. */
export const runErrorSchema = z.object({
  code: z.enum(['modelFile', 'hyperparameter', 'data', 'nonFinite', 'engine', 'runFolder', 'hostDied', 'internal']),
  message: z.string(),
  location: sourceLocationSchema.optional(),
  /** Of a loss that diverged: the last checkpoint from before. */
  healthy: z.object({ step: z.number().int().nonnegative(), learningRate: z.number() }).optional(),
});
export type RunError = z.infer<typeof runErrorSchema>;

/** Where a run stands. `interrupted`: its host ended without saying so, or was told to end. */
export const runStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('preparing'), what: z.string(), fraction: z.number().min(0).max(1).optional() }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('paused') }),
  z.object({ kind: z.literal('completed') }),
  z.object({ kind: z.literal('stopped') }),
  z.object({ kind: z.literal('interrupted') }),
  z.object({ kind: z.literal('failed'), error: runErrorSchema }),
]);
export type RunState = z.infer<typeof runStateSchema>;
/** Whether a run that has ended can go on from its last checkpoint: one that became NaN would again. */
export const canResume = ({ state, stepsPerEpoch }: { readonly state: RunState; readonly stepsPerEpoch: number }): boolean =>
  (state.kind === 'interrupted' || (state.kind === 'stopped' && stepsPerEpoch > 0) || (state.kind === 'failed' && stepsPerEpoch > 0 && state.error.code !== 'nonFinite'));
export const isLive = (state: RunState): boolean => state.kind === 'preparing' || state.kind === 'running' || state.kind === 'paused';

/** How an engine's gradients on a model compared with those of another, taken as right; `unchecked` says in a sentence why they could not be. */
export const gateSchema = z.union([z.object({ passed: z.boolean(), error: z.number(), oracle: z.string() }), z.object({ unchecked: z.string() })]);
export type Gate = z.infer<typeof gateSchema>;

/** What a run was trained on: enough to see whether two runs saw the same. */
export const dataSummarySchema = z.object({
  name: z.string(),
  /** SHA-256 of the content, the splits and the preparation, in hexadecimal; a file above 1 GiB is known by its size and pieces. */
  fingerprint: z.string(),
  trainCount: z.number().int().positive(),
  validationCount: z.number().int().nonnegative(),
  testCount: z.number().int().nonnegative(),
  /** Which split the held-out points of the metrics are of. */
  heldOut: z.enum(['validation', 'test']),
  binarization: z.enum(['none', 'static', 'dynamic']),
  /** In words, such as "gaussianNoise(sigma 0.3)", in the order in which they are done. */
  corruption: z.array(z.string()),
  classes: z.number().int().positive().optional(),
  /** Classes that are not trained on, by name. */
  leftOut: z.array(z.string()).optional(),
  /** What a person should know of it, in sentences: how many files were left out. */
  notices: z.array(z.string()).optional(),
});
export type DataSummary = z.infer<typeof dataSummarySchema>;

/** What may be asked of a run when it begins; the model file says the rest. */
export const askedSchema = z.object({
  engine: z.string(), epochs: z.number().int().positive().optional(), seed: z.number().int().nonnegative().optional(), set: z.record(z.string(), z.number()),
  /** A checkpoint is kept for good every so many steps. */
  keepEvery: z.number().int().positive().optional(),
});

/** A live run took its model file up anew: weights and optimizer stayed, and from `step` on another step trained them. */
export const modelChangeSchema = z.object({
  step: z.number().int().positive(),
  seconds: z.number().nonnegative(),
  /** So many hyperparameters had been set by hand before. */
  marks: z.number().int().nonnegative(),
  /** What became different, as it stands in code: `objective.beta: 1 -> linear({ from: 0, to: 4, epochs: 5 })`. */
  what: z.array(z.string()),
  /** The model file's text from then on, and what was asked for beside it. */
  source: z.string(),
  asked: askedSchema,
  /** Where that text was read, if the model file went to another folder since: what it imports is found from there. */
  file: z.string().optional(),
});
export type ModelChange = z.infer<typeof modelChangeSchema>;
/** The model file's text after so many of a run's changes; after all of them where nobody says. */
export const sourceOf = ({ source, changes = [] }: { readonly source: string; readonly changes?: readonly ModelChange[] | undefined }, revision = changes.length): string => changes[revision - 1]?.source ?? source;
/** A model file's text, and the place from which what it imports is found. */
export interface ModelText { readonly source: string; readonly modelFile: string }
/** The same with that place. */
export function textOf(manifest: Pick<Manifest, 'source' | 'sourceFile' | 'changes' | 'modelFile'>, revision?: number): ModelText {
  const { changes = [], modelFile, sourceFile = modelFile } = manifest;
  const change = changes[(revision ?? changes.length) - 1];
  return { source: sourceOf(manifest, revision), modelFile: change ? change.file ?? modelFile : sourceFile };
}

/** An autoregressive prior over the codes of a VQ-VAE; nats are of one code, on average over held-out grids. */
export const learnedPriorSchema = z.object({
  /** Of the model whose codes it was learned of. */
  step: z.number().int().nonnegative(),
  codes: z.number().int().positive(),
  places: z.number().int().positive(),
  steps: z.number().int().positive(),
  seed: z.number().int(),
  nats: z.number().nonnegative(),
  /** What a code costs where each is coded by itself, as often as it is used. */
  independentNats: z.number().nonnegative(),
  /** Held-out grids that this was measured on. */
  examples: z.number().int().positive(),
  seconds: z.number().nonnegative(),
});
export type LearnedPrior = z.infer<typeof learnedPriorSchema>;

/** The version of `run.json` that is written here. */
export const SCHEMA_VERSION = 1;
/** `run.json`. Written aside and renamed; the truth about a run with metrics.jsonl and events.jsonl. */
export const manifestSchema = z.object({
  schemaVersion: z.literal(SCHEMA_VERSION),
  id: z.string(),
  /** Where it is now, as far as an editor saw it go. */
  modelFile: z.string(),
  modelName: z.string(),
  /** Text of the model file when the run started; `changes` has what it was later. */
  source: z.string(),
  /** Where that text was read, if the model file went to another folder since. */
  sourceFile: z.string().optional(),
  createdAt: z.string(),
  engine: z.string(),
  /** Engine and device in words, such as "CPU, TensorFlow.js wasm". */
  device: z.string(),
  /** Why `auto` did not take the fastest engine, in a sentence. */
  engineNotice: z.string().optional(),
  /** How its gradients on this model compared with an oracle's; absent while they are compared, and for engines taken as right. */
  gate: gateSchema.optional(),
  /** That the person's training step changed while it trained, in a sentence. */
  stepNotice: z.string().optional(),
  seed: z.number().int(),
  epochs: z.number().int().positive(),
  batchSize: z.number().int().positive(),
  stepsPerEpoch: z.number().int().nonnegative(),
  latentDim: z.number().int().nonnegative(),
  imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  /** How many held-out examples there are; 0: not known (yet). */
  testCount: z.number().int().nonnegative().default(0),
  /** Absent in runs of earlier versions, and until the data are read. */
  data: dataSummarySchema.optional(),
  hyperparameters: z.record(z.string(), z.number()),
  /** Those of them that follow a schedule, until they are set by hand. */
  following: z.array(z.string()).optional(),
  /** What each of them may be set to while it trains. */
  hyperparameterSpecs: z.record(z.string(), z.object({ min: z.number(), max: z.number(), minInclusive: z.boolean(), scale: z.enum(['linear', 'log']) })).default(classicSpecs),
  /** How much each part of the loss counts: a number, or the name of the hyperparameter that it is; parts whose weight nobody knows are left out. */
  partWeights: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  /** The seed of the z whose samples are shown each time; absent: 1. */
  samplesSeed: z.number().int().nonnegative().optional(),
  /** The prior, whether its KL divergence is computed or estimated, and how far views of the latent space reach. */
  prior: z.object({
    kind: z.string(), kl: z.enum(['closed', 'monteCarlo', 'none']), range: z.tuple([z.number(), z.number()]),
    /** Of a VQ-VAE: whether a prior over its codes is to be learned, what the one is that samples are drawn from, of which step there is one that the model has left behind, and why there is none. */
    learns: z.boolean().optional(), learned: learnedPriorSchema.optional(), outdated: z.number().int().nonnegative().optional(), failed: z.string().optional(),
  }).default({ kind: 'standardNormal', kl: 'closed', range: [-3, 3] }),
  /** Of a conditional model: the classes it can be asked for. */
  conditionClasses: z.array(z.string()).optional(),
  host: z.object({ pid: z.number().int(), startedAt: z.string(), node: z.string() }),
  asked: askedSchema.optional(),
  /** In the order of their steps; a checkpoint says how many of them are behind it. */
  changes: z.array(modelChangeSchema).optional(),
  /** Engines, and ways of an engine, that turned out not to train this model, each with a sentence why. */
  refused: z.record(z.string(), z.string()).optional(),
  /** An engine whose device took its process along, and why: the host that goes on leaves it out. */
  lost: z.object({ engine: z.string(), why: z.string() }).optional(),
  /** The run and step from whose checkpoint this one was branched. */
  parent: z.object({ id: z.string(), step: z.number().int().nonnegative() }).optional(),
  /** What was damaged when the run was opened again, in a sentence. */
  checkpointNotice: z.string().optional(),
  state: runStateSchema,
  lastStep: z.number().int().nonnegative(),
  /** Last loss known, held-out where there is one, in nats per example. */
  lastLoss: z.number().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** What schedules gave at a point, of those that nobody set by hand after it: a point may be told later than that. */
export function stillScheduled({ step, scheduled = {} }: Pick<MetricPoint, 'step' | 'scheduled'>, marks: readonly Pick<Mark, 'name' | 'step'>[]): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(scheduled).filter(([name]) => !marks.some((mark) => mark.name === name && mark.step > step)));
}

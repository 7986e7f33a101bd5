import * as z from 'zod';
import { classicSpecs } from '../spec/hyperparameters';

/** Before objectives named their parts, a point had these two beside the loss. */
function withParts(point: unknown): unknown {
  if (typeof point !== 'object' || point === null || 'parts' in point || !('reconstruction' in point) || !('kl' in point)) return point;
  const { reconstruction, kl, ...rest } = point;
  return { ...rest, parts: { reconstruction, kl } };
}

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
  /** Of a training step: the values of the hyperparameters that follow a schedule. */
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
export const isLive = (state: RunState): boolean => state.kind === 'preparing' || state.kind === 'running' || state.kind === 'paused';

/** `run.json`, schema version 1. Written aside and renamed; the truth about a run with metrics.jsonl and events.jsonl. */
export const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string(),
  modelFile: z.string(),
  modelName: z.string(),
  /** Text of the model file when the run started. */
  source: z.string(),
  createdAt: z.string(),
  engine: z.string(),
  /** Engine and device in words, such as "CPU, TensorFlow.js wasm". */
  device: z.string(),
  /** Why `auto` did not take the fastest engine, in a sentence. */
  engineNotice: z.string().optional(),
  /** How its gradients on this model compared with an oracle's before training; absent for engines taken as right. */
  gate: z.object({ passed: z.boolean(), error: z.number(), oracle: z.string() }).optional(),
  seed: z.number().int(),
  epochs: z.number().int().positive(),
  batchSize: z.number().int().positive(),
  stepsPerEpoch: z.number().int().nonnegative(),
  latentDim: z.number().int().nonnegative(),
  imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  /** How many held-out examples there are; 0: not known (yet). */
  testCount: z.number().int().nonnegative().default(0),
  hyperparameters: z.record(z.string(), z.number()),
  /** What each of them may be set to while it trains. */
  hyperparameterSpecs: z.record(z.string(), z.object({ min: z.number(), max: z.number(), minInclusive: z.boolean(), scale: z.enum(['linear', 'log']) })).default(classicSpecs),
  /** The prior, whether its KL divergence is computed or estimated, and how far views of the latent space reach. */
  prior: z.object({ kind: z.string(), kl: z.enum(['closed', 'monteCarlo']), range: z.tuple([z.number(), z.number()]) }).default({ kind: 'standardNormal', kl: 'closed', range: [-3, 3] }),
  host: z.object({ pid: z.number().int(), startedAt: z.string(), node: z.string() }),
  state: runStateSchema,
  lastStep: z.number().int().nonnegative(),
  /** Last loss known, held-out where there is one, in nats per example. */
  lastLoss: z.number().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

import * as z from 'zod';
import { imageStripSchema } from './binary';

/** The numbers of an evaluation; `what` is its name for a person. */
export const metricKinds = {
  negativeElbo: { what: 'Negative ELBO', unit: 'nats' },
  nll: { what: 'Negative log-likelihood, importance-weighted', unit: 'nats' },
  objective: { what: 'Objective as trained', unit: 'nats' },
  activeUnits: { what: 'Active units', unit: '' },
  mig: { what: 'Mutual information gap', unit: '' },
  mmd: { what: 'MMD\u00b2 of samples and held-out images', unit: '' },
  mmdOfTraining: { what: 'MMD\u00b2 of training and held-out images', unit: '' },
  nearest: { what: 'Distance of samples to the nearest training image', unit: '' },
  nearestOfHeldOut: { what: 'Distance of held-out images to the nearest training image', unit: '' },
} as const satisfies Record<string, { readonly what: string; readonly unit: string }>;
export type MetricName = keyof typeof metricKinds;
const metricNames = Object.keys(metricKinds) as MetricName[];

/** What a number depends on besides the model: two numbers compare where all of it is the same. */
export const protocolTerms = {
  data: { what: 'data' }, fingerprint: { what: 'fingerprint' }, split: { what: 'split' }, examples: { what: 'examples' }, binarization: { what: 'binarization' }, corruption: { what: 'corruption' },
  measure: { what: 'measure' }, k: { what: 'K' }, draws: { what: 'draws of z' }, batch: { what: 'batch' }, hyperparameters: { what: 'hyperparameters' }, objective: { what: 'objective' },
  score: { what: 'score' }, outlier: { what: 'outlier class' }, damage: { what: 'damage' }, threshold: { what: 'threshold' }, units: { what: 'units' }, bins: { what: 'bins' }, samples: { what: 'samples' }, kernel: { what: 'kernel' }, bandwidth: { what: 'bandwidth' }, pictures: { what: 'pictures' }, seed: { what: 'seed' },
} as const satisfies Record<string, { readonly what: string }>;
export type ProtocolTerm = keyof typeof protocolTerms;
const termNames = Object.keys(protocolTerms) as ProtocolTerm[];

export const protocolSchema = z.partialRecord(z.enum(termNames), z.union([z.string(), z.number()]));
export type Protocol = z.infer<typeof protocolSchema>;

export const metricSchema = z.object({
  name: z.enum(metricNames), value: z.number(),
  /** Of the mean over examples, or of the statistic; absent of what is counted. */
  standardError: z.number().nonnegative().optional(),
  /** Nats per example, by the names of the parts; of the mutual information gap, by factor. */
  parts: z.record(z.string(), z.number()).optional(),
  protocol: protocolSchema,
});
export type Metric = z.infer<typeof metricSchema>;

/** One evaluation of a run, a file in its directory. */
export const evaluationSchema = z.object({
  schemaVersion: z.literal(1),
  id: z.string().regex(/^[\w-]+$/),
  run: z.string(), model: z.string(),
  /** Of the training: what the weights had learned. */
  step: z.number().int().nonnegative(),
  at: z.string(), engine: z.string(), device: z.string(), seconds: z.number().nonnegative(),
  metrics: z.array(metricSchema),
  /** Of the samples shown, the training image nearest to each and how far it is, as the root of the summed squares of differences of pixels. */
  pairs: z.array(z.object({ training: z.number().int().nonnegative(), distance: z.number().nonnegative() })).optional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

export const splits = ['test', 'validation', 'train'] as const;
/** What is evaluated; what is left out has its default. */
export const evaluationOptionsSchema = z.object({
  split: z.enum(splits).default('test'),
  /** Importance samples an example (Burda et al. 2016). */
  k: z.number().int().min(1).max(100_000).default(100),
  /** The first so many examples; all where absent. */
  examples: z.number().int().positive().optional(),
  seed: z.number().int().nonnegative().default(1),
});
export type EvaluationOptions = z.output<typeof evaluationOptionsSchema>;

/** Samples, and below each the training image nearest to it. */
export const pairsSchema = z.object({ samples: imageStripSchema, nearest: imageStripSchema });
export type Pairs = z.infer<typeof pairsSchema>;

const none = z.object({}).strict();
export const evaluationRequests = {
  /** Training waits meanwhile; one at a time. The record is kept in the run's directory. */
  evaluate: { params: evaluationOptionsSchema, result: z.object({ evaluation: evaluationSchema, pairs: pairsSchema.optional() }) },
  /** Ends the one that is under way, which then fails. */
  cancelEvaluation: { params: none, result: none },
  /** Those that were kept, oldest first, and the pictures of the last one. */
  evaluations: { params: none, result: z.object({ evaluations: z.array(evaluationSchema), pairs: pairsSchema.optional() }) },
} as const;
/** What an evaluation is at; `fraction` of all of it. */
export const evaluatingSchema = z.object({ what: z.string(), fraction: z.number().min(0).max(1) });

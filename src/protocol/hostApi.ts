import * as z from 'zod';
import { bytes, floats, imageStripSchema } from './binary';
import { evaluatingSchema, evaluationRequests } from './evaluation';
import { latentRequests } from './latentApi';
import { momentSchema } from './moments';
import type { Api } from './rpc';
import { learnedPriorSchema, manifestSchema, markSchema, metricPointSchema, runStateSchema } from './run';
import { usesRequests } from './usesApi';

/** Pictures that one call may ask for. */
export const MOST_PICTURES = { sample: 1024, reconstruct: 1024, interpolate: 64 } as const;

/**
 * The contract with a training host, one TypeScript interface a direction. `hostRequests` gives each call's
 * parameter and result schema; whoever receives validates with it. Binary fields travel as typed arrays
 * (blobs beside the JSON on a socket, structured clone on postMessage).
 */
export const PROTOCOL_VERSION = 1;

export { imageStripSchema } from './binary';

/** Reconstructions and samples as of one step. Originals are held-out examples 0..count-1; samples decode fixed z. */
export const imagesSchema = z.object({ step: z.number().int(), originals: imageStripSchema, reconstructions: imageStripSchema, samples: imageStripSchema });
export type RunImages = z.infer<typeof imagesSchema>;

export const speedSchema = z.object({ stepsPerSecond: z.number(), secondsLeft: z.number().optional() });
export type Speed = z.infer<typeof speedSchema>;

/** How far it is with the prior over the codes; nats are of one code, of `codes`. */
export const learningSchema = z.object({ what: z.string(), fraction: z.number().min(0).max(1), nats: z.number().optional(), codes: z.number().int().positive() });
export type Learning = z.infer<typeof learningSchema>;

export const snapshotSchema = z.object({
  manifest: manifestSchema,
  metrics: z.array(metricPointSchema),
  marks: z.array(markSchema),
  images: imagesSchema.optional(),
  /** The steps at which it was recorded. */
  moments: z.array(momentSchema).optional(),
  /** The steps whose checkpoints are kept. */
  checkpoints: z.array(z.number().int()).optional(),
  speed: speedSchema.optional(),
  /** The prior over its codes is being learned. */
  learning: learningSchema.optional(),
});
/** Everything a panel needs to draw a run from nothing. */
export type Snapshot = z.infer<typeof snapshotSchema>;

const none = z.object({}).strict();
const label = z.number().int().nonnegative();
export const hostRequests = {
  /** First call on a connection: token from the registry entry. Anything else before it is refused. */
  hello: { params: z.object({ token: z.string(), protocolVersion: z.number() }), result: z.object({ runId: z.string(), pid: z.number(), role: z.enum(['trainer', 'viewer']) }) },
  /** `older`: of a long run the points before `metrics`, packed. */
  snapshot: { params: none, result: snapshotSchema.extend({ older: bytes.optional() }) },
  manifest: { params: none, result: manifestSchema },
  pause: { params: none, result: none },
  resume: { params: none, result: none },
  /** Ends training after the current step; a checkpoint is written first. */
  stop: { params: none, result: none },
  /** Writes a checkpoint of a live run between two steps; answers with its step. */
  saveCheckpoint: { params: none, result: z.object({ step: z.number().int() }) },
  /** Ends the host process; a live run is checkpointed and left `interrupted`. */
  shutdown: { params: none, result: none },
  /** Applied at the next step; answers with the step from which it holds. */
  setHyperparameter: { params: z.object({ name: z.string(), value: z.number() }), result: z.object({ step: z.number().int() }) },
  /** Takes the model file up as it is now, weights and optimizer kept, from the step that is answered on. Refused in a sentence where weights have other shapes or the step cannot be built: then training goes on as it was. */
  applyModel: { params: none, result: z.object({ step: z.number().int(), what: z.array(z.string()), notice: z.string().optional() }) },
  /** The model's file, or a folder above it, is elsewhere now. */
  moveModel: { params: z.object({ from: z.string(), to: z.string() }), result: none },
  /** Decodes `count` draws from the prior. Same seed, same z. `labels`: the class of each, where the model is conditional; else the classes in turn. */
  sample: { params: z.object({ count: z.number().int().min(1).max(MOST_PICTURES.sample), seed: z.number().int(), labels: z.array(label).optional() }), result: imageStripSchema },
  /** From now on the samples that are shown each time are the draws of this seed. */
  fixSamples: { params: z.object({ seed: z.number().int().nonnegative() }), result: none },
  /** z is [count, latentDim]; `label` the class of all, where the model is conditional. Training stands back for it for a while, as for a hand that drags; not where `quiet`. */
  decode: { params: z.object({ z: floats, label: label.optional(), quiet: z.boolean().optional() }), result: imageStripSchema },
  /** A person waits for what this machine is to draw: for so many milliseconds from now training stands back, and what is shown of it waits. The last word holds. */
  giveWay: { params: z.object({ ms: z.number().int().min(0).max(2000) }), result: none },
  /** Held-out examples by index, originals and posterior means ([count, latentDim]). */
  encode: { params: z.object({ indices: z.array(z.number().int().nonnegative()).min(1).max(1024) }), result: z.object({ originals: imageStripSchema, means: floats, logVariances: floats }) },
  reconstruct: { params: z.object({ indices: z.array(z.number().int().nonnegative()).min(1).max(MOST_PICTURES.reconstruct) }), result: z.object({ originals: imageStripSchema, reconstructions: imageStripSchema }) },
  /** Straight line between two held-out examples' codes, ends included; where the model is conditional, the class goes over too. */
  interpolate: { params: z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative(), steps: z.number().int().min(2).max(MOST_PICTURES.interpolate) }), result: imageStripSchema },
  /** Learns the prior over the codes of a VQ-VAE as it is now, of which samples are drawn from then on; of one that trains that is done when training ends. Without `learned`: it was cancelled. */
  learnPrior: { params: none, result: z.object({ learned: learnedPriorSchema.optional() }) },
  /** Ends that. */
  cancelPrior: { params: none, result: none },
  ...latentRequests,
  ...evaluationRequests,
  ...usesRequests,
} as const;
export type HostRequests = typeof hostRequests;
export type HostMethod = keyof HostRequests;
export type HostParams<M extends HostMethod> = z.input<HostRequests[M]['params']>;
export type HostResult<M extends HostMethod> = z.output<HostRequests[M]['result']>;

/** What a host tells everyone connected. Metrics come at about 10 Hz at most, in batches. */
export const hostEvents = {
  state: z.object({ state: runStateSchema, lastStep: z.number().int(), lastLoss: z.number().optional() }),
  manifest: manifestSchema,
  /** Another engine trains the model from its first step again: what was shown of the run is void. */
  restarted: manifestSchema,
  metrics: z.object({ points: z.array(metricPointSchema), speed: speedSchema.optional() }),
  mark: markSchema,
  images: imagesSchema,
  moment: momentSchema,
  checkpoints: z.object({ steps: z.array(z.number().int()) }),
  evaluating: evaluatingSchema,
  /** Absent: it is no longer being learned. */
  learning: z.object({ learning: learningSchema.optional() }),
} as const;
export type HostEvents = { [E in keyof typeof hostEvents]: z.output<(typeof hostEvents)[E]> };
export type HostEvent = keyof HostEvents;

/** The part of an AbortSignal that is needed here; this folder knows neither DOM nor Node. */
export interface CancelSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/** Calls on a host, whatever lies between. */
export type HostApi = Api<HostRequests, typeof hostEvents>;

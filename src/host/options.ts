import * as z from 'zod';
import { probedModelSchema } from '../protocol/doctor';
import { MOST_BATCH } from '../protocol/exports';
import { engineNames } from '../spec/engines';
import { programOptionsSchema } from './engines/webgpu/programApi';

/** What a host is told when it starts, as JSON in its only argument. */
export const hostOptionsSchema = z.discriminatedUnion('role', [
  z.object({
    role: z.literal('trainer'), runId: z.string(), dir: z.string(), modelFile: z.string(), modelName: z.string().optional(), engine: z.string(),
    dataFolder: z.string().optional(), epochs: z.number().int().positive().optional(), seed: z.number().int().nonnegative().optional(), set: z.record(z.string(), z.number()), dataMirrors: z.array(z.string()).optional(),
    /** Keeps a checkpoint for good every so many steps. */
    keepEvery: z.number().int().positive().optional(),
    /** Goes on in `dir` from its newest checkpoint, as it was asked for when it began. */
    resume: z.boolean().optional(),
    /** Starts from the checkpoint of another run, the newest or that of `step`, with the hyperparameters of `set` changed. */
    branch: z.object({ dir: z.string(), step: z.number().int().nonnegative().optional(), /** And with the model file as it is now. */ edited: z.boolean().optional() }).optional(),
  }),
  /** Says in one line of JSON what came of starting an engine, and ends. */
  z.object({ role: z.literal('probe'), engine: z.enum(engineNames).exclude(['auto']), model: probedModelSchema.optional() }),
  /** Says in one line of JSON what engines have to know of a model to be tried on it, and ends. */
  z.object({ role: z.literal('describe'), modelFile: z.string(), modelName: z.string().optional(), dataFolder: z.string().optional(), dataMirrors: z.array(z.string()).optional() }),
  /** Computes gradients for the host of this pid, as the folder says, and ends. */
  z.object({ role: z.literal('oracle'), folder: z.string(), host: z.number().int() }),
  /** Tries a changed model file for the host of this pid, and ends. */
  z.object({ role: z.literal('trial'), folder: z.string(), host: z.number().int() }),
  /** Writes a run's encoder and decoder as files for other programs, and ends. */
  z.object({ role: z.literal('exporter'), dir: z.string(), folder: z.string(), batch: z.number().int().min(1).max(MOST_BATCH) }),
  /** Builds a model and answers calls on it, until whoever started it is gone. */
  programOptionsSchema,
  z.object({ role: z.literal('viewer'), runId: z.string(), dir: z.string(), dataFolder: z.string().optional(), dataMirrors: z.array(z.string()).optional() }),
]);
export type HostOptions = z.infer<typeof hostOptionsSchema>;
export type TrainerHostOptions = Extract<HostOptions, { role: 'trainer' }>;

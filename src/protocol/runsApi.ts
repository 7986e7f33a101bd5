import * as z from 'zod';
import { lookSchema } from './fineTracks';
import { imagesSchema } from './hostApi';
import { runStateSchema } from './run';
import { savedFileSchema } from './savedFile';
import { packedTrackSchema } from './tracks';

const none = z.object({}).strict();
const id = z.object({ id: z.string() });
const ids = z.object({ ids: z.array(z.string()).min(1) });

/** What a table tells of a run. */
export const runRowSchema = z.object({
  id: z.string(), model: z.string(), file: z.string(),
  /** The name that a person gave it. */
  label: z.string().optional(),
  pinned: z.boolean(), live: z.boolean(), state: runStateSchema, createdAt: z.string(),
  /** What differs among the model's runs, and what was changed while it trained, as texts. */
  changed: z.array(z.object({ name: z.string(), value: z.string() })),
  lastStep: z.number().int(),
  /** Held-out, in nats. */
  lastLoss: z.number().optional(), bestLoss: z.number().optional(),
  engine: z.string(), device: z.string(),
  /** Of training, pauses left out. */
  seconds: z.number().optional(),
  /** On disk. */
  bytes: z.number().optional(),
});
export type RunRow = z.infer<typeof runRowSchema>;

/** More runs than this are not compared at once. */
export const MAX_COMPARED = 6;
/** A run beside others: its losses, and its pictures. */
export const comparedRunSchema = z.object({
  id: z.string(), tracks: z.array(packedTrackSchema), images: imagesSchema.optional(), latentDim: z.number().int(), samplesSeed: z.number().int(),
  /** The data that it was trained on. */
  fingerprint: z.string().optional(),
});
export type ComparedRun = z.infer<typeof comparedRunSchema>;

export const deletedRunSchema = z.object({ id: z.string(), model: z.string(), deletedAt: z.string(), bytes: z.number() });
/** What runs and their data take on disk, in bytes. */
export const diskUseSchema = z.object({
  runs: z.object({ count: z.number().int(), bytes: z.number() }), deleted: z.array(deletedRunSchema),
  /** Data sets made ready to be read from a file: made again when they are needed. */
  prepared: z.object({ folder: z.string(), count: z.number().int(), bytes: z.number() }),
  /** Downloaded data sets. */
  downloads: z.object({ folder: z.string(), bytes: z.number() }), freeBytes: z.number(),
});
export type DiskUse = z.infer<typeof diskUseSchema>;

/** Runs page -> extension. */
export const runsRequests = {
  runsSnapshot: { params: none, result: z.object({ rows: z.array(runRowSchema), texts: z.record(z.string(), z.string()), locale: z.string(), section: z.enum(['runs', 'disk']) }) },
  openRun: { params: id, result: none },
  openManifest: { params: id, result: none },
  /** An empty label gives the run no name. */
  renameRun: { params: z.object({ id: z.string(), label: z.string().max(80) }), result: none },
  pinRun: { params: z.object({ id: z.string(), pinned: z.boolean() }), result: none },
  /** Out of the list, kept on disk until it is cleaned up. */
  deleteRuns: { params: ids, result: none },
  restoreRuns: { params: ids, result: none },
  /** `most` points of each kind or fewer, in a range or of all steps, by which losses look as by all of them; absent: all. */
  compareRuns: { params: lookSchema.pick({ range: true }).extend({ ids: z.array(z.string()).min(1).max(MAX_COMPARED), most: z.number().int().positive().optional() }), result: z.object({ runs: z.array(comparedRunSchema) }) },
  /** In the editor's own diff editor. */
  diffRuns: { params: z.object({ left: z.string(), right: z.string(), what: z.enum(['manifest', 'source']) }), result: none },
  exportRun: { params: id, result: none },
  saveFile: { params: savedFileSchema, result: none },
  trainModel: { params: none, result: none },
  diskUse: { params: none, result: diskUseSchema },
  /** Asks first; answers with what is left. */
  cleanUp: { params: z.object({ what: z.enum(['deleted', 'prepared']) }), result: diskUseSchema },
} as const;
/** Extension -> runs page. */
export const runsEvents = { rows: z.object({ rows: z.array(runRowSchema) }), section: z.object({ section: z.enum(['runs', 'disk']) }) } as const;

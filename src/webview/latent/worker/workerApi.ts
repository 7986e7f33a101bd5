import * as z from 'zod';
import { floats } from '../../../protocol/binary';
import { priorShapeSchema } from '../../../protocol/latentApi';

const none = z.object({}).strict();
export const planeSchema = z.object({ mean: floats, axes: floats, explained: z.tuple([z.number(), z.number()]) });

/** The panel's own computer: what would take longer than a frame. Data is given once, and asked about then. */
export const workerRequests = {
  load: { params: z.object({ means: floats, logVariances: floats, size: z.number().int().positive() }), result: none },
  principal: { params: z.object({ like: planeSchema.optional() }), result: z.object({ plane: planeSchema, places: floats }) },
  /** Fits a part of the data, and places the rest by it; tells `embedded` meanwhile. McInnes, Healy & Melville 2018. */
  umap: { params: z.object({ fitted: z.number().int().positive() }), result: z.object({ places: floats }) },
  nearest: { params: z.object({ queries: floats, k: z.number().int().positive() }), result: z.object({ indices: floats, distances: floats }) },
  pathAlongData: { params: z.object({ through: floats, steps: z.number().int().min(2) }), result: z.object({ path: floats }) },
  /** Of each of `dimensions`, its share and the prior's in `bins` of equal width over the range: [dimensions, bins]. */
  posterior: { params: z.object({ dimensions: z.array(z.number().int().nonnegative()), range: z.tuple([z.number(), z.number()]), bins: z.number().int().positive(), prior: priorShapeSchema }), result: z.object({ shares: floats, prior: floats }) },
} as const;

export const workerEvents = {
  /** Places so far, NaN where there is none yet; `done` from 0 to 1. */
  embedded: z.object({ places: floats.optional(), stage: z.enum(['fit', 'place']), done: z.number() }),
} as const;

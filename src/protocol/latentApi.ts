import * as z from 'zod';
import { floats, imageStripSchema } from './binary';
import { latentItemSchema, namedItemSchema, splitSchema } from './latentItems';

const none = z.object({}).strict();
/** A class, where the model is conditional; the first one where it is left out. */
const label = z.number().int().nonnegative().optional();
const kept = z.object({ items: z.array(namedItemSchema) });
/** Examples of one call: it runs between two training steps, which wait for it. */
export const MAX_PIECE = 1024;

/** One piece of the data as the model sees it at `step`: [count, latentDim] and [count]. */
export const encodedPieceSchema = z.object({
  step: z.number().int(), count: z.number().int().nonnegative(), means: floats, logVariances: floats,
  /** -log p(x|z) at the posterior's mean, and KL(q(z|x) || p(z)) in nats, estimated where the prior has no closed form. */
  reconstruction: floats, kl: floats,
  /** Classes by number, where the data set knows them. */
  labels: floats.optional(),
  /** [count, factors], where the data set was made from factors. */
  factors: floats.optional(),
});
export type EncodedPiece = z.infer<typeof encodedPieceSchema>;

/** `PriorShape` of `latent/prior.ts`. */
export const priorShapeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('normal') }), z.object({ kind: z.literal('uniform'), low: z.number(), high: z.number() }),
  z.object({ kind: z.literal('mixture'), weights: floats, means: floats, logVariances: floats }),
]);

/** What the latent space's views ask of a host, live or not. */
export const latentRequests = {
  describeData: { params: none, result: z.object({ trainCount: z.number().int(), testCount: z.number().int(), classes: z.number().int().optional(), factorNames: z.array(z.string()),
    /** A point has no KL divergence: it is given as 0, and log-variances as -Infinity. */
    codeIs: z.enum(['gaussian', 'point']).default('gaussian'),
    /** Of a conditional model: the classes it can be asked for. */
    conditionClasses: z.array(z.string()).optional() }) },
  /** The prior as it is now: one that is learned changes. */
  describePrior: { params: none, result: priorShapeSchema },
  /** A piece of the data encoded; whoever wants all of it asks for one piece after another. */
  encodePiece: { params: z.object({ split: splitSchema, from: z.number().int().nonnegative(), count: z.number().int().min(1).max(MAX_PIECE) }), result: encodedPieceSchema },
  /** Examples as they are in the data. */
  examples: { params: z.object({ split: splitSchema, indices: z.array(z.number().int().nonnegative()).min(1).max(MAX_PIECE) }), result: imageStripSchema },
  /** Pictures that are not of the data, of the model's size. */
  encodePictures: { params: z.object({ pictures: imageStripSchema, label }), result: z.object({ means: floats, logVariances: floats, reconstructions: imageStripSchema }) },
  /** Decodes an item; a group is its first examples, and below each its reconstruction. */
  drawItem: { params: z.object({ item: latentItemSchema, label }), result: z.object({ columns: z.number().int().positive(), pictures: imageStripSchema }) },
  /** The same of what a file exports under a name: the file is run. */
  drawExport: { params: z.object({ file: z.string(), name: z.string() }), result: z.object({ columns: z.number().int().positive(), pictures: imageStripSchema }) },
  items: { params: none, result: kept },
  /** Takes the place of the one of that name. */
  saveItem: { params: namedItemSchema, result: kept },
  deleteItem: { params: z.object({ name: z.string() }), result: kept },
} as const;

import * as z from 'zod';
import { bytes, imageStripSchema } from './binary';
import { protocolSchema, splits } from './evaluation';

/** Examples of which one call may ask for the pictures. */
export const MOST_SHOWN = { mend: 64, attribute: 16 } as const;

/** What a panel tries of them. */
export const useSchema = z.enum(['anomalies', 'denoise', 'complete', 'attribute', 'compress']);
export type Use = z.infer<typeof useSchema>;

const share = z.number().positive().max(1);
/** How held-out pictures are damaged: noise of this standard deviation, or pixels black one by one, or in a box of so many pixels. */
export const damageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gaussianNoise'), sigma: z.number().positive().max(10) }),
  z.object({ kind: z.literal('saltAndPepper'), share }),
  z.object({ kind: z.literal('maskPixels'), share }),
  z.object({ kind: z.literal('maskBox'), height: z.number().int().positive(), width: z.number().int().positive() }),
]);
export type Damage = z.infer<typeof damageSchema>;

const split = z.enum(splits).default('test');
const seed = z.number().int().nonnegative().default(1);
const examples = z.number().int().positive().optional();
/** Of pixels in [0, 1], over all pixels of all examples, or over those that were covered. */
const squaredError = z.number().nonnegative();

/** What models are used for. */
export const usesRequests = {
  /**
   * Scores examples by how badly the model explains them: by -ELBO where nothing is said, or, of models whose codes are points, by their reconstruction. With `outlier`, a class by its number, the chance that one of it has a higher score than one of the other classes (the area under
   * the ROC curve), and its standard error. The pictures are those of the highest scores, highest first.
   */
  anomalies: {
    params: z.object({ score: z.enum(['elbo', 'reconstruction']).optional(), outlier: z.number().int().nonnegative().optional(), split, examples, draws: z.number().int().min(1).max(100).default(4), seed }),
    result: z.object({
      auc: z.object({ value: z.number(), standardError: z.number(), outliers: z.number().int(), others: z.number().int() }).optional(),
      highest: z.array(z.object({ index: z.number().int(), score: z.number() })), pictures: imageStripSchema, protocol: protocolSchema,
    }),
  },
  /** Damages pictures and has the model restore them: noise by one pass through the latent space, what is covered by several, in which what is known is put back (Rezende et al. 2014, section 5.3). */
  mend: {
    params: z.object({ damage: damageSchema, split, examples, shown: z.number().int().min(1).max(MOST_SHOWN.mend).default(8), seed }),
    result: z.object({ originals: imageStripSchema, damaged: imageStripSchema, mended: imageStripSchema, before: squaredError, after: squaredError, protocol: protocolSchema }),
  },
  /** Examples of a class, moved along the difference of two classes' mean codes: a row an example, a column a strength. */
  attribute: {
    params: z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative(), split, shown: z.number().int().min(1).max(MOST_SHOWN.attribute).default(6), strengths: z.array(z.number()).min(1).max(32).default([0, 0.25, 0.5, 0.75, 1, 1.25]) }),
    result: z.object({ columns: z.number().int().positive(), pictures: imageStripSchema, direction: z.array(z.number()), protocol: protocolSchema }),
  },
  /**
   * Pictures as few bytes, to be had back bit by bit with this model, or, of a codebook's codes where `lossless` does not say so, as their reconstructions; the first examples of a split where none are given, which the protocol then names.
   * `first`: the first of them.
   */
  compress: {
    params: z.object({ pictures: imageStripSchema.optional(), split, examples, lossless: z.boolean().optional() }),
    result: z.object({ file: bytes, count: z.number().int(), first: imageStripSchema, protocol: protocolSchema.optional(), lossless: z.boolean(), squaredError, bits: z.object({ raw: z.number(), deflate: z.number(), codes: z.number(), pixels: z.number(), file: z.number() }) }),
  },
  decompress: { params: z.object({ file: bytes }), result: z.object({ pictures: imageStripSchema }) },
} as const;

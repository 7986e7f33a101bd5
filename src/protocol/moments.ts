import * as z from 'zod';
import { floats, imageStripSchema } from './binary';

/** So many held-out examples are recorded, of fewer all. */
export const RECORDED_EXAMPLES = 256;

/** A step at which a run was recorded, and KL(q(z_d|x) || p(z_d)) of each latent dimension then, in nats, averaged over held-out examples; none where codes are points, or where the prior is of all dimensions together. */
export const momentSchema = z.object({ step: z.number().int().nonnegative(), seconds: z.number().nonnegative(), klNats: z.array(z.number()) });
export type Moment = z.infer<typeof momentSchema>;

/** What was seen at that step; it stands in the run's folder. Samples decode the same z each time. */
export const momentPicturesSchema = z.object({
  step: z.number().int(), originals: imageStripSchema, reconstructions: imageStripSchema, samples: imageStripSchema,
  /** Posterior means of held-out examples, [count, latentDim]: the same examples at each step. */
  means: floats, latentDim: z.number().int().positive(),
  /** Their classes, where the data set knows them. */
  labels: z.array(z.number().int()).optional(),
}).refine(({ means, latentDim }) => means.length % latentDim === 0, 'means do not fit');
export type MomentPictures = z.infer<typeof momentPicturesSchema>;

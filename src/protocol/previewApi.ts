import * as z from 'zod';
import { imageStripSchema } from './binary';

const none = z.object({}).strict();

/** What the preview shows: the model under the cursor and the samples of its live or last run. */
export const previewSchema = z.object({
  model: z.object({ file: z.string(), name: z.string() }).optional(),
  /** The run's state in words, in the editor's language. */
  state: z.string(),
  /** Newest samples, and what they are, in words, in the editor's language. */
  samples: z.object({ strip: imageStripSchema, are: z.string() }).optional(),
  /** Of the draws. */
  seed: z.number().int(),
  /** They are the ones that are shown each time. */
  isFixed: z.boolean(),
  /** The file has changed since the run was started. */
  isChanged: z.boolean(),
  error: z.string().optional(),
});
export type Preview = z.infer<typeof previewSchema>;

export const previewCommandSchema = z.enum(['train', 'sampleAgain', 'fixSamples', 'openPanel']);

/** Preview -> extension. */
export const previewRequests = {
  previewSnapshot: { params: none, result: z.object({ preview: previewSchema, texts: z.record(z.string(), z.string()), locale: z.string() }) },
  previewCommand: { params: z.object({ name: previewCommandSchema }), result: none },
} as const;
/** Extension -> preview. */
export const previewEvents = { preview: previewSchema } as const;

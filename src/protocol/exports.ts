import * as z from 'zod';

/** What a run can be exported as. */
export const exportFormats = ['onnx', 'safetensors', 'tensorboard', 'png'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export const isExportFormat = (name: string): name is ExportFormat => (exportFormats as readonly string[]).includes(name);

/** Examples that ONNX files take at once, at most. */
export const MOST_BATCH = 4096;

/** What an exporting host says in one line of JSON. */
export const exporterAnswerSchema = z.discriminatedUnion('outcome', [
  /** `difference` is the largest between onnxruntime's results on the files and the model's own: of pixels in [0, 1], and of the posterior relative to its scale. */
  z.object({ outcome: z.literal('exported'), files: z.array(z.string()), difference: z.object({ pixels: z.number(), posterior: z.number() }) }),
  z.object({ outcome: z.literal('failed'), message: z.string() }),
]);
export type ExporterAnswer = z.infer<typeof exporterAnswerSchema>;

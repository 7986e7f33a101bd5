import * as z from 'zod';
import type { ImageStrip } from './images';

/** Binary fields travel as typed arrays: blobs beside the JSON on a socket, structured clones on postMessage. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
export const integers = z.custom<Int32Array>((value) => value instanceof Int32Array);
export const floats = z.custom<Float32Array>((value) => value instanceof Float32Array);
export const doubles = z.custom<Float64Array>((value) => value instanceof Float64Array);
export const imageStripSchema = z.object({
  count: z.number().int().nonnegative(), height: z.number().int(), width: z.number().int(), channels: z.number().int(), pixels: bytes,
}).refine((s) => s.pixels.length === s.count * s.height * s.width * s.channels, 'pixels do not fit the shape') satisfies z.ZodType<ImageStrip>;

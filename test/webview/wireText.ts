import * as z from 'zod';

/** Structured clones as JSON text, typed arrays as base64: for what is recorded, and for the way into the page and out of it. */
export const pack = (value: unknown): string => JSON.stringify(value, (_, part: unknown) =>
  part instanceof Float64Array ? { $float64: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') }
  : part instanceof Int32Array ? { $int32: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') }
  : part instanceof Uint8Array ? { $uint8: Buffer.from(part).toString('base64') }
  : part instanceof Float32Array ? { $float32: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('base64') } : part);

const bytesSchema = z.object({ $uint8: z.string() });
const floatsSchema = z.object({ $float32: z.string() });
export const unpack = (text: string): unknown => JSON.parse(text, (_, part: unknown) => {
  const bytes = bytesSchema.safeParse(part);
  if (bytes.success) return new Uint8Array(Buffer.from(bytes.data.$uint8, 'base64'));
  const floats = floatsSchema.safeParse(part);
  return floats.success ? new Float32Array(new Uint8Array(Buffer.from(floats.data.$float32, 'base64')).buffer) : part;
}) as unknown;

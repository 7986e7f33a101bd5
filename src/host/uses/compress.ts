import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { ImageStrip } from '../../protocol/images';
import type { VaeModel } from '../../vae/model';
import { priorEntry } from '../../vae/priors/index';
import type { Program } from '../engines/index';
import { valuesOf } from '../pictures';
import { ArithmeticDecoder, ArithmeticEncoder, Frequencies } from './arithmeticCoder';

/** Steps of a code over the prior's range and half of it more to either side, and levels of the decoder's mean: with each the pixels' frequencies are learned apart. */
const [CODE_STEPS, LEVELS, VALUES] = [128, 32, 256];
/** Pictures a call: who compresses and who restores must call the engine alike, since sums of floats depend on it. */
const BATCH = 64;
const MAGIC = Buffer.from('vae-lab compressed 1\n');
const headerSchema = z.object({ run: z.string(), step: z.number().int(), count: z.number().int().positive(), height: z.number().int(), width: z.number().int(), channels: z.number().int(), sha256: z.string() });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The model that a file was written with: another's predictions do not give the pixels back. */
export interface Codec { readonly program: Program; readonly model: Pick<VaeModel, 'latentDim' | 'prior'>; readonly run: string; readonly step: number; readonly exclusive: <T>(work: () => Promise<T>) => Promise<T> }
export class CompressedFileError extends Error {}

const tables = (count: number, symbols: number): Frequencies[] => Array.from({ length: count }, () => new Frequencies(symbols));
const tableOf = (all: readonly Frequencies[], at: number): Frequencies => all[at] ?? new Frequencies(1);

/** A code's steps, and the places in the middle of them. */
function gridOf({ prior }: Pick<VaeModel, 'prior'>): { symbolOf(z: number): number; placeOf(symbol: number): number } {
  const [low, high] = priorEntry(prior).range(prior);
  const [start, width] = [low - (high - low) / 4, (high - low) * 1.5 / CODE_STEPS];
  return { symbolOf: (value) => Math.min(CODE_STEPS - 1, Math.max(0, Math.floor((value - start) / width))), placeOf: (symbol) => start + (symbol + 0.5) * width };
}
/** Of each pixel the level of the decoder's mean, for whose pixels the frequencies are learned together. */
const levelOf = (mean: number): number => Math.min(LEVELS - 1, Math.floor(mean * LEVELS));

/**
 * Pictures of 8 bits a value without loss: of each its posterior mean in steps, then its pixels, arithmetically coded under the frequencies that the pixels had so far where the decoder predicted as
 * much. Frequencies are learned as the coding goes, by both sides alike, so that any likelihood serves. The header keeps a hash of the pixels: what does not come back is refused.
 * Returns the file, and the bits of all codes and of all pixels.
 */
export async function compress({ program, model, run, step, exclusive }: Codec, pictures: ImageStrip): Promise<{ file: Uint8Array; codes: number; pixels: number; deflate: number }> {
  const { count, height, width, channels, pixels } = pictures;
  const size = height * width * channels;
  const { symbolOf, placeOf } = gridOf(model);
  const [ofCodes, ofPixels] = [tables(model.latentDim, CODE_STEPS), tables(LEVELS, VALUES)];
  const encoder = new ArithmeticEncoder();
  let codes = 0;
  for (let from = 0; from < count; from += BATCH) {
    const some = Math.min(BATCH, count - from);
    const bytes = pixels.subarray(from * size, (from + some) * size);
    const { mean } = await exclusive(() => program.encode({ count: some, data: valuesOf({ ...pictures, count: some, pixels: bytes }) }));
    const before = encoder.length;
    const quantized = Float32Array.from(mean, (value, k) => {
      const symbol = symbolOf(value);
      encoder.put(symbol, tableOf(ofCodes, k % model.latentDim));
      return placeOf(symbol);
    });
    codes += encoder.length - before;
    const predicted = await exclusive(() => program.decode(quantized, some));
    for (let k = 0; k < bytes.length; k++) encoder.put(bytes[k] ?? 0, tableOf(ofPixels, levelOf(predicted[k] ?? 0)));
  }
  const ofAll = encoder.length;
  const header = Buffer.from(JSON.stringify({ run, step, count, height, width, channels, sha256: sha256(pixels) } satisfies z.infer<typeof headerSchema>));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  return { file: Uint8Array.from(Buffer.concat([MAGIC, length, header, encoder.finish()])), codes, pixels: ofAll - codes, deflate: deflateRawSync(pixels, { level: 9 }).length * 8 };
}

/** What `compress` wrote. @throws CompressedFileError in a sentence where it is no such file, of another model, or does not come back as it was */
export async function decompress({ program, model, run, step, exclusive }: Codec, file: Uint8Array): Promise<ImageStrip> {
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new CompressedFileError('This is no file that "vae-lab compress" wrote.');
  const at = MAGIC.length + 4;
  const end = at + (bytes.length >= at ? bytes.readUInt32LE(MAGIC.length) : Infinity);
  if (end > bytes.length) throw new CompressedFileError('The compressed file is cut short.');
  const header = headerSchema.safeParse(parsed(bytes.subarray(at, end).toString('utf8')));
  if (!header.success) throw new CompressedFileError('The compressed file is damaged.');
  const { count, height, width, channels, sha256: wanted } = header.data;
  if (header.data.run !== run || header.data.step !== step) throw new CompressedFileError(`The file was compressed by the run ${header.data.run} after step ${header.data.step}: only that model restores it, not ${run} after step ${step}.`);
  const size = height * width * channels;
  const { placeOf } = gridOf(model);
  const [ofCodes, ofPixels] = [tables(model.latentDim, CODE_STEPS), tables(LEVELS, VALUES)];
  const decoder = new ArithmeticDecoder(bytes.subarray(end));
  const pixels = new Uint8Array(count * size);
  for (let from = 0; from < count; from += BATCH) {
    const some = Math.min(BATCH, count - from);
    const codes = Float32Array.from({ length: some * model.latentDim }, (_, k) => placeOf(decoder.get(tableOf(ofCodes, k % model.latentDim))));
    const predicted = await exclusive(() => program.decode(codes, some));
    for (let k = 0; k < some * size; k++) pixels[from * size + k] = decoder.get(tableOf(ofPixels, levelOf(predicted[k] ?? 0)));
  }
  if (sha256(pixels) !== wanted) throw new CompressedFileError('The pictures did not come back as they were: the file is damaged, or another engine or machine computes other predictions.');
  return { count, height, width, channels, pixels };
}

function parsed(text: string): unknown {
  try { return JSON.parse(text); } catch { return undefined; }
}

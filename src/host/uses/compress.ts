import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import * as z from 'zod';
import type { ImageStrip } from '../../protocol/images';
import type { ImageShape } from '../engines/index';
import { picturesOf, valuesOf } from '../pictures';
import { ArithmeticDecoder, ArithmeticEncoder } from './arithmeticCoder';
import { codebookCoding, numberCoding, tableOf, tables, within, type Coded, type Coding } from './codings';

/** Levels of the decoder's mean, with each of which the pixels' frequencies are learned apart. */
const [LEVELS, VALUES] = [32, 256];
/** Pictures a call: who compresses and who restores must call the engine alike, since sums of floats depend on it. */
const BATCH = 64;
const MAGIC = Buffer.from('vae-lab compressed 1\n');
/** Pictures go to whoever asked for them in one frame: more than this would be written and never come back. */
const MOST_BYTES = 60 * 2 ** 20;
/** Of a pixel: that of a symbol which alone was ever seen. What claims more pixels than its bits can hold is not decoded. */
const LEAST_BITS = 0.011;
/** What a decoder reads at once, of which the end need not be written. */
const WORD_BITS = 32;
const whole = z.number().int().positive();
const headerSchema = z.object({
  run: z.string(), step: z.number().int(), count: whole, height: whole, width: whole, channels: whole, sha256: z.string(),
  /** Codes of a codebook are coded under the prior learned over them. */
  prior: z.boolean().default(false),
  /** The pixels are there too; else what is restored are the reconstructions. */
  pixels: z.boolean().default(true),
});
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The model that a file was written with: another's predictions do not give the pixels back. */
export interface Codec extends Coded { readonly imageShape: ImageShape; readonly run: string; readonly step: number }
export class CompressedFileError extends Error {}

/** Of each pixel the level of the decoder's mean, for whose pixels the frequencies are learned together. */
const levelOf = (mean: number): number => within(LEVELS, mean * LEVELS);
const hasCodebook = ({ model }: Codec): boolean => model.kind === 'vqVae';

function codingOf(codec: Codec, underPrior: boolean): Coding {
  if (codec.model.kind === 'conditionalVae') throw new CompressedFileError('A conditional model predicts a picture from its class too, which compressed files do not keep. Compress with vae(), autoencoder() or vqVae().');
  if (!hasCodebook(codec)) return numberCoding(codec);
  if (underPrior && !codec.prior.codePrior) throw new CompressedFileError(`The file was compressed under the prior over the codes, which is not learned now. Learn it again: vae-lab prior ${codec.run}`);
  return codebookCoding(codec, underPrior ? codec.prior.codePrior : undefined);
}

/** What came of compressing: the file, the bits of all codes and of all pixels, and whether the pixels come back; else the squared error of a pixel, in [0, 1], that is left. */
export interface Compressed { readonly file: Uint8Array; readonly codes: number; readonly pixels: number; readonly deflate: number; readonly lossless: boolean; readonly squaredError: number }

/**
 * Pictures of 8 bits a value: of each its code, arithmetically coded, and without loss also its pixels, under the frequencies that the pixels had so far where the decoder predicted as
 * much. Frequencies are learned as the coding goes, by both sides alike, so that any likelihood serves. The codes of a codebook are few bits by themselves: there the pixels are left out unless `lossless` says
 * otherwise, and what is restored is the reconstruction. The header keeps a hash of what is to come back: anything else is refused.
 * @throws CompressedFileError for kinds of models that it does not code with, and for more pictures than come back at once
 */
export async function compress(codec: Codec, pictures: ImageStrip, lossless = !hasCodebook(codec)): Promise<Compressed> {
  const { program, run, step, exclusive } = codec;
  const prior = hasCodebook(codec) && codec.prior.codePrior !== undefined;
  const coding = codingOf(codec, prior);
  const { count, height, width, channels, pixels } = pictures;
  const size = height * width * channels;
  if (pixels.length > MOST_BYTES) throw new CompressedFileError(`So many pictures are not restored at once. Compress at most ${Math.floor(MOST_BYTES / size)} into a file.`);
  const ofPixels = tables(LEVELS, VALUES);
  const encoder = new ArithmeticEncoder();
  const restored = new Uint8Array(pixels.length);
  let codes = 0;
  let errors = 0;
  for (let from = 0; from < count; from += BATCH) {
    const some = Math.min(BATCH, count - from);
    const bytes = pixels.subarray(from * size, (from + some) * size);
    const before = encoder.length;
    const quantized = await coding.write(encoder, { count: some, data: valuesOf({ ...pictures, count: some, pixels: bytes }) });
    codes += encoder.length - before;
    const predicted = await exclusive(() => program.decode(quantized, some));
    if (lossless) for (let k = 0; k < bytes.length; k++) encoder.put(bytes[k] ?? 0, tableOf(ofPixels, levelOf(predicted[k] ?? 0)));
    const left = lossless ? bytes : picturesOf(predicted, some, [height, width, channels]).pixels;
    restored.set(left, from * size);
    if (!lossless) for (let k = 0; k < bytes.length; k++) errors += (((bytes[k] ?? 0) - (left[k] ?? 0)) / 255) ** 2;
  }
  const ofAll = encoder.length;
  const header = Buffer.from(JSON.stringify({ run, step, count, height, width, channels, sha256: sha256(restored), prior, pixels: lossless } satisfies z.infer<typeof headerSchema>));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const file = Uint8Array.from(Buffer.concat([MAGIC, length, header, encoder.finish()]));
  return { file, codes, pixels: ofAll - codes, deflate: deflateRawSync(pixels, { level: 9 }).length * 8, lossless, squaredError: errors / pixels.length };
}

/** What `compress` wrote. @throws CompressedFileError in a sentence where it is no such file, of another model, or does not come back as it was */
export async function decompress(codec: Codec, file: Uint8Array): Promise<ImageStrip> {
  const { program, imageShape, run, step, exclusive } = codec;
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
  const leastBits = header.data.pixels ? count * size * LEAST_BITS : 0;
  if (String([height, width, channels]) !== String(imageShape) || count * size > MOST_BYTES || leastBits > 8 * (bytes.length - end) + WORD_BITS) throw new CompressedFileError('The compressed file is damaged.');
  const coding = codingOf(codec, header.data.prior);
  const ofPixels = tables(LEVELS, VALUES);
  const decoder = new ArithmeticDecoder(bytes.subarray(end));
  const pixels = new Uint8Array(count * size);
  for (let from = 0; from < count; from += BATCH) {
    const some = Math.min(BATCH, count - from);
    const codes = await coding.read(decoder, some);
    const predicted = await exclusive(() => program.decode(codes, some));
    if (!header.data.pixels) pixels.set(picturesOf(predicted, some, [height, width, channels]).pixels, from * size);
    else for (let k = 0; k < some * size; k++) pixels[from * size + k] = decoder.get(tableOf(ofPixels, levelOf(predicted[k] ?? 0)));
  }
  if (sha256(pixels) !== wanted) throw new CompressedFileError('The pictures did not come back as they were: the file is damaged, or another engine or machine computes other predictions.');
  return { count, height, width, channels, pixels };
}

function parsed(text: string): unknown {
  try { return JSON.parse(text); } catch { return undefined; }
}

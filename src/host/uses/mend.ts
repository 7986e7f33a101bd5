import type { Checked, Result } from '../../protocol/rpc';
import type { usesRequests } from '../../protocol/usesApi';
import { corruptionInWords } from '../../vae/data/index';
import { corrupt, drawsOf } from '../datasets/corrupt';
import { randomOf } from '../datasets/split';
import { sizeOf } from '../engines/sizeOf';
import { batchesOf, type Subject } from '../evaluation/subject';
import { picturesOf } from '../pictures';

/** Passes through the latent space in which what is known is put back. */
const PASSES = 20;
const STREAM = 71;

/** Pictures in [0, 1] damaged as is said, and where a mask covered them 0 in `known`, [count, pixels] each. */
function damagedOf({ dataset: { imageShape } }: Subject, data: Float32Array, from: number, { damage, seed }: Pick<Checked<typeof usesRequests, 'mend'>, 'damage' | 'seed'>): { damaged: Float32Array; known: Float32Array | undefined } {
  const size = sizeOf(imageShape);
  const covers = damage.kind === 'maskBox' || damage.kind === 'maskPixels';
  const [damaged, known] = [data.slice(), new Float32Array(data.length).fill(1)];
  for (let i = 0; i < data.length / size; i++) {
    const random = randomOf(seed, STREAM, from + i);
    const { kind, count } = drawsOf(damage, imageShape);
    const draws = kind === 'normals' ? random.normals(count) : Float32Array.from({ length: count }, () => random.uniform());
    corrupt(damage, damaged.subarray(i * size, (i + 1) * size), draws, imageShape);
    if (covers) corrupt(damage, known.subarray(i * size, (i + 1) * size), draws, imageShape); // white becomes black where it covers
  }
  return { damaged, known: covers ? known : undefined };
}

/**
 * Noise: the decoder's mean at the posterior's mean of the damaged picture. What is covered: the same again and again, each time with the known pixels put back, which leads a model that knows the
 * data towards p(covered | known) (Rezende et al. 2014, section 5.3, with means in place of draws). Errors are over all examples: of all pixels, or of those covered.
 */
export async function mend(subject: Subject, dataOf: Readonly<Record<string, string | number>>, options: Checked<typeof usesRequests, 'mend'>): Promise<Result<typeof usesRequests, 'mend'>> {
  const { program, dataset: { imageShape }, count: all, exclusive } = subject;
  const shown = Math.min(options.shown, all);
  const size = sizeOf(imageShape);
  const strips = { originals: new Float32Array(shown * size), damaged: new Float32Array(shown * size), mended: new Float32Array(shown * size) };
  let [before, after, pixels] = [0, 0, 0];
  for (const { from, batch: { count, data } } of batchesOf(subject)) {
    const { damaged, known } = damagedOf(subject, data, from, options);
    let mended = damaged;
    for (let pass = 0; pass < (known ? PASSES : 1); pass++) {
      const seen = mended;
      mended = await exclusive(async () => program.decode((await program.encode({ count, data: seen })).mean, count));
      if (known) mended = mended.map((value, k) => (known[k] === 1 ? data[k] ?? 0 : value));
    }
    for (let k = 0; k < data.length; k++) {
      if (known?.[k] === 1) continue;
      pixels++;
      before += ((damaged[k] ?? 0) - (data[k] ?? 0)) ** 2;
      after += ((mended[k] ?? 0) - (data[k] ?? 0)) ** 2;
    }
    const kept = Math.min(count, shown - from) * size;
    if (kept > 0) for (const [name, values] of [['originals', data], ['damaged', damaged], ['mended', mended]] as const) strips[name].set(values.subarray(0, kept), from * size);
  }
  const picture = (values: Float32Array) => picturesOf(values, shown, imageShape);
  return {
    originals: picture(strips.originals), damaged: picture(strips.damaged), mended: picture(strips.mended), before: before / Math.max(1, pixels), after: after / Math.max(1, pixels),
    protocol: { ...dataOf, damage: corruptionInWords(options.damage), seed: options.seed },
  };
}

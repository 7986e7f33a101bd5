import type { Metric, Protocol } from '../../protocol/evaluation';
import type { Batch } from '../engines/index';
import { Conditions } from '../latent/conditions';
import { Random } from '../training/random';
import { medianDistance, mmdSquared, squaredDistances } from './mmd';
import { nearestTraining } from './nearestTraining';
import { RunningMean } from './runningMean';
import type { Subject } from './subject';

/** Images a side of the two-sample statistic; samples of which the nearest training image is looked for. */
const COMPARED = 1000;
export const SHOWN = 16;
/** Examples a call of the decoder. */
const DECODED = 64;
const Stream = { heldOut: 64, training: 65 } as const;

/**
 * The decoder's means of `count` draws from the prior, [count, pixels]; the first are those that `sample` of the same seed shows. A conditional model is given the classes of the held-out images
 * in turn, so that classes are as frequent as there.
 */
async function samplesOf({ program, dataset, model, prior, exclusive, options: { seed } }: Subject, count: number, labels: Int32Array | undefined): Promise<Float32Array> {
  const { latentDim } = model;
  const conditions = new Conditions(model, dataset);
  const z = await prior.draw(count, seed, exclusive);
  const pieces: Float32Array[] = [];
  for (let from = 0; from < count; from += DECODED) {
    const to = Math.min(from + DECODED, count);
    pieces.push(await exclusive(() => program.decode(z.slice(from * latentDim, to * latentDim), to - from, conditions.rows(to - from, (i) => labels?.[(from + i) % labels.length]))));
  }
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((at, piece) => { samples.set(piece, at); return at + piece.length; }, 0);
  return samples;
}

/** `count` of the `all` first examples of a split, drawn without replacement. */
const someOf = ({ dataset, options: { seed } }: Subject, split: 'train' | 'validation' | 'test', all: number, count: number, stream: number): Batch =>
  dataset.batch(split, [...new Random(seed, stream).permutation(all).subarray(0, count)]);

export interface ComparedWithData {
  readonly metrics: readonly Metric[];
  readonly pairs?: { readonly samples: Float32Array; readonly nearest: Float32Array; readonly found: readonly { readonly training: number; readonly distance: number }[] };
}

/**
 * Whether samples are distributed like the data: MMD between samples and held-out images, and, to be held against it, between training and held-out images; and how far samples are from the
 * nearest training image, beside held-out images, so that copying is seen. The kernel's width is the median distance of the held-out images, the same for every model.
 */
export async function compareWithData(subject: Subject, protocol: Protocol): Promise<ComparedWithData> {
  const { dataset, options: { split, seed }, count: all, exclusive } = subject;
  const size = dataset.imageShape.reduce((a, b) => a * b, 1);
  const hasTraining = dataset.training.examples.kind === 'stored';
  const n = Math.min(COMPARED, all, ...(hasTraining ? [dataset.trainCount] : []));
  const metrics: Metric[] = [];
  const pictures = subject.prior.facts.learns && !subject.prior.codePrior ? 'decoder means of codes drawn each by itself' : 'decoder means';
  const progress = (from: number, to: number) => (fraction: number): void => { subject.onProgress(from + (to - from) * fraction); };
  const { data: heldOut, labels } = someOf(subject, split, all, n, Stream.heldOut);
  const drawn = await samplesOf(subject, Math.max(n, SHOWN), labels);
  const distances = (a: Float32Array, b: Float32Array): Promise<Float64Array> => squaredDistances(a, b, size, () => exclusive(() => Promise.resolve()));
  if (n > 2) {
    const yy = await distances(heldOut, heldOut);
    const bandwidth = medianDistance(yy, n);
    const own = { ...protocol, samples: n, kernel: 'Gaussian', bandwidth: Number(bandwidth.toPrecision(6)), pictures, seed };
    const against = async (x: Float32Array): Promise<{ value: number; standardError: number }> => mmdSquared({ xx: await distances(x, x), yy, xy: await distances(x, heldOut) }, n, bandwidth);
    if (bandwidth > 0) {
      metrics.push({ name: 'mmd', ...await against(drawn.slice(0, n * size)), protocol: own });
      progress(0, 1)(0.3);
      if (hasTraining && split !== 'train') metrics.push({ name: 'mmdOfTraining', ...await against(someOf(subject, 'train', dataset.trainCount, n, Stream.training).data), protocol: { ...own, pictures: 'training images' } });
    }
  }
  if (!hasTraining || split === 'train') return { metrics };
  const [shown, held] = [drawn.slice(0, SHOWN * size), heldOut.slice(0, Math.min(n, SHOWN) * size)];
  const near = async (queries: Float32Array, onProgress: (fraction: number) => void) => nearestTraining({ ...subject, onProgress }, queries);
  const [ofSamples, ofHeldOut] = [await near(shown, progress(0.5, 0.75)), await near(held, progress(0.75, 1))];
  const mean = (name: 'nearest' | 'nearestOfHeldOut', values: Float64Array, pictures: string): Metric => {
    const running = new RunningMean();
    values.forEach((value) => { running.add(value); });
    return { name, ...running.estimate, protocol: { ...protocol, samples: values.length, pictures, seed } };
  };
  metrics.push(mean('nearest', ofSamples.distances, pictures), mean('nearestOfHeldOut', ofHeldOut.distances, 'held-out images'));
  return { metrics, pairs: { samples: shown, nearest: ofSamples.images, found: Array.from(ofSamples.training, (training, i) => ({ training, distance: ofSamples.distances[i] ?? 0 })) } };
}

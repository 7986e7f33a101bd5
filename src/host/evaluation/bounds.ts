import { codeOf } from '../../spec/models';
import { termsOf } from '../engines/termsOf';
import { RunningMean, type Estimate } from './runningMean';
import { batchesOf, EvaluationStream, noiseOf, type Subject } from './subject';

/** @throws Error where there is no posterior, and so no bound */
export function needPosterior({ model: { kind } }: Pick<Subject, 'model'>): void {
  if (codeOf[kind] === 'point') throw new Error('A code of this model is a point: it has no posterior, and so no evidence lower bound. Score examples by their reconstruction.');
}

/** Noise of a batch, [samples * count, latentDim], sample by sample; each example has a generator of its own. */
function drawn(randoms: readonly { normal(): number }[], samples: number, latentDim: number): Float32Array {
  const noise = new Float32Array(samples * randoms.length * latentDim);
  randoms.forEach((random, i) => {
    for (let k = 0; k < samples; k++) for (let d = 0; d < latentDim; d++) noise[(k * randoms.length + i) * latentDim + d] = random.normal();
  });
  return noise;
}

/** Of each example -ELBO and its two terms, reconstruction and KL divergence (Kingma & Welling 2014, eq. 10), nats, with `draws` of z; where codes are points only the first, the other is not a number. */
export async function* elboTerms(subject: Subject, draws = 1): AsyncGenerator<{ readonly index: number; readonly reconstruction: number; readonly kl: number }> {
  const { program, model: { latentDim }, hyperparameters, exclusive } = subject;
  for (const { from, batch } of batchesOf(subject)) {
    const { count } = batch;
    const noise = drawn(Array.from({ length: count }, (_, i) => noiseOf(subject, EvaluationStream.draws, from + i)), draws, latentDim);
    const { reconstruction, kl } = await exclusive(() => termsOf(program, batch, noise, draws, hyperparameters));
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let k = 0; k < draws; k++) sum += reconstruction[k * count + i] ?? NaN;
      yield { index: from + i, reconstruction: sum / draws, kl: kl?.[i] ?? NaN };
    }
  }
}

/** The negative evidence lower bound over the examples, whatever the model was trained on, and its terms. @throws Error where codes are points */
export async function negativeElbo(subject: Subject): Promise<Estimate & { readonly parts: { readonly reconstruction: number; readonly kl: number } }> {
  needPosterior(subject);
  const [total, reconstructions, kls] = [new RunningMean(), new RunningMean(), new RunningMean()];
  for await (const { reconstruction, kl } of elboTerms(subject)) {
    total.add(reconstruction + kl);
    reconstructions.add(reconstruction);
    kls.add(kl);
  }
  return { ...total.estimate, parts: { reconstruction: reconstructions.mean, kl: kls.mean } };
}

/** The same of a VQ-VAE with a learned prior over its codes, whose posterior is one grid: KL(q || p) is what that grid costs (van den Oord et al. 2017, section 3.2). */
export async function negativeElboOfCodes(subject: Subject): Promise<Estimate & { readonly parts: { readonly reconstruction: number; readonly codes: number } }> {
  const { program, model: { latentDim }, hyperparameters, exclusive, prior } = subject;
  const [total, reconstructions, codes] = [new RunningMean(), new RunningMean(), new RunningMean()];
  for (const { batch } of batchesOf(subject)) {
    const { reconstruction } = await exclusive(() => termsOf(program, batch, new Float32Array(batch.count * latentDim), 1, hyperparameters));
    const nats = await exclusive(async () => prior.natsOf(await program.encode(batch), batch.count));
    for (let i = 0; i < batch.count; i++) {
      const [left, cost] = [reconstruction[i] ?? NaN, nats?.[i] ?? NaN];
      total.add(left + cost);
      reconstructions.add(left);
      codes.add(cost);
    }
  }
  return { ...total.estimate, parts: { reconstruction: reconstructions.mean, codes: codes.mean } };
}

/** Draws an example and call: with the examples of a batch some thousand rows, which stay in the processor's cache. */
const DRAWS = 16;

/**
 * -log of the mean of p(x, z) / q(z|x) over `k` draws from the posterior (Burda et al. 2016, eq. 8), averaged over the examples: an upper bound of -log p(x), the closer the larger `k`. The
 * standard error is that of the mean over examples. Draws come in pieces, of which only a sum of exponentials is kept. @throws Error where codes are points
 */
export async function importanceWeightedNll(subject: Subject): Promise<Estimate> {
  needPosterior(subject);
  const { program, model: { latentDim }, hyperparameters, exclusive, options: { k }, count: all } = subject;
  const mean = new RunningMean();
  const calls = Math.ceil(k / DRAWS);
  const most = Math.ceil(k / calls);
  for (const { from, batch } of batchesOf({ ...subject, onProgress: () => undefined })) {
    const { count } = batch;
    const randoms = Array.from({ length: count }, (_, i) => noiseOf(subject, EvaluationStream.weights, from + i));
    const [highest, sums] = [new Float64Array(count).fill(-Infinity), new Float64Array(count)];
    for (let done = 0; done < k; done += most) {
      subject.onProgress((from + count * done / k) / all);
      const draws = Math.min(most, k - done);
      const { logWeight = new Float32Array(0) } = await exclusive(() => termsOf(program, batch, drawn(randoms, draws, latentDim), draws, hyperparameters));
      addExponentials(logWeight, count, highest, sums);
    }
    for (let i = 0; i < count; i++) mean.add(Math.log(k) - (highest[i] ?? NaN) - Math.log(sums[i] ?? NaN));
  }
  return mean.estimate;
}

/** Adds rows [draws, count] to sums of exponentials, each relative to the highest logarithm so far. */
function addExponentials(rows: Float32Array, count: number, highest: Float64Array, sums: Float64Array): void {
  for (let row = 0; row < rows.length; row++) {
    const i = row % count;
    const [value, most] = [rows[row] ?? NaN, highest[i] ?? NaN];
    if (value > most) {
      sums[i] = (sums[i] ?? 0) * Math.exp(most - value) + 1;
      highest[i] = value;
    } else sums[i] = (sums[i] ?? 0) + Math.exp(value - most);
  }
}

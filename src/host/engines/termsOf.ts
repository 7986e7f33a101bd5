import type { HyperparameterValues } from '../../spec/hyperparameters';
import { bucketOf, filled } from './buckets';
import type { Batch, Program, Terms } from './engine';

/** `Program.terms` of any number of examples: filled up to a number that graphs are kept for, and cut again. `noise` is [samples * count, latentDim], sample by sample. */
export async function termsOf(program: Program, batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
  const { count } = batch;
  const bucket = bucketOf(count);
  if (bucket === count) return program.terms(batch, noise, samples, hyperparameters);
  const widened = (values: Float32Array): Float32Array => filled(values, values.length / count * bucket);
  const perSample = noise.length / samples;
  const whole = new Float32Array(perSample / count * bucket * samples);
  for (let k = 0; k < samples; k++) whole.set(noise.subarray(k * perSample, (k + 1) * perSample), k * perSample / count * bucket);
  const { reconstruction, logWeight, kl } = await program.terms({
    count: bucket, data: widened(batch.data), ...(batch.corrupted ? { corrupted: widened(batch.corrupted) } : {}),
    ...(batch.labels ? { labels: Int32Array.from({ length: bucket }, (_, i) => batch.labels?.[i] ?? 0) } : {}),
  }, whole, samples, hyperparameters);
  const cut = (rows: Float32Array): Float32Array => {
    const kept = new Float32Array(samples * count);
    for (let k = 0; k < samples; k++) kept.set(rows.subarray(k * bucket, k * bucket + count), k * count);
    return kept;
  };
  return { reconstruction: cut(reconstruction), logWeight: cut(logWeight), kl: kl.slice(0, count) };
}

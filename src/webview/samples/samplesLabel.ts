import { t } from '../text';

/** What pictures of samples are called; not every model of the family has a prior to draw from. */
export function samplesLabel(count: number, prior: string): string {
  if (prior === 'codebook') return t('{0} samples of codes drawn each by itself', count);
  return prior === 'fittedGaussian' ? t('{0} samples from a Gaussian fitted to the codes', count) : t('{0} samples from the prior', count);
}
/** The same of draws that can be had again by their seed. */
export function drawsWords(count: number, prior: string, seed: number): string {
  if (prior === 'codebook') return t('{0} draws of codes, each by itself as often as it is used, seed {1}', count, seed);
  return prior === 'fittedGaussian' ? t('{0} draws from a Gaussian fitted to the codes, seed {1}', count, seed) : t('{0} draws from the prior, seed {1}', count, seed);
}

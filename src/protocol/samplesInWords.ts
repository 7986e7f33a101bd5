import type { Translate } from './doctorText';
import type { Manifest } from './run';

type Prior = Pick<Manifest['prior'], 'kind' | 'learned'>;

/** What pictures of samples are called; not every model of the family has a prior to draw from. */
export function samplesInWords(count: number, { kind, learned }: Prior, t: Translate): string {
  if (kind === 'codebook') return learned ? t('{0} samples of codes drawn from the prior learned over them', count) : t('{0} samples of codes drawn each by itself', count);
  return kind === 'fittedGaussian' ? t('{0} samples from a Gaussian fitted to the codes', count) : t('{0} samples from the prior', count);
}
/** The same of draws that can be had again by their seed. */
export function drawsInWords(count: number, { kind, learned }: Prior, seed: number, t: Translate): string {
  if (kind === 'codebook') return learned ? t('{0} draws from the prior learned over the codes, seed {1}', count, seed) : t('{0} draws of codes, each by itself as often as it is used, seed {1}', count, seed);
  return kind === 'fittedGaussian' ? t('{0} draws from a Gaussian fitted to the codes, seed {1}', count, seed) : t('{0} draws from the prior, seed {1}', count, seed);
}

import { activeDimensions } from '../../latent/activeDimensions';
import { klOf, type PriorShape } from '../../latent/prior';
import { variances } from '../../latent/statistics';
import type { Manifest } from '../../protocol/run';

/** How a run uses its latent space, over some held-out examples. */
export interface LatentUse {
  /** KL(q(z_d|x) || p(z_d)) of each dimension in nats; absent where the prior is of all dimensions together. */
  readonly kl?: readonly number[] | undefined;
  /** By how much the posterior means vary, by dimension. */
  readonly variance: readonly number[];
  readonly active: readonly boolean[];
  /** Of all dimensions; absent where it is not by dimension. */
  readonly totalKl?: number | undefined;
}

/** Of a prior whose KL divergence is a sum over dimensions; undefined for one that is learned. */
export function shapeOf({ kind, range: [low, high] }: Manifest['prior']): PriorShape | undefined {
  return kind === 'mixture' ? undefined : kind === 'uniformBox' ? { kind: 'uniform', low, high } : { kind: 'normal' };
}

/** Of posterior means and log-variances [n, size]. */
export function latentUse(means: Float32Array, logVariances: Float32Array, size: number, prior: PriorShape | undefined): LatentUse {
  const of = prior && klOf(prior, means, logVariances, size);
  const kl = of && [...of];
  return { kl, variance: [...variances(means, size)], active: activeDimensions(means, size), totalKl: kl?.reduce((sum, value) => sum + value, 0) };
}

/** `active 13/20 · KL 24.9 nats`; `jointKl`: as it was estimated where it is not a sum over dimensions. */
export function latentUseText({ active, totalKl }: LatentUse, t: (text: string, ...values: string[]) => string, jointKl?: number): string {
  const [used, all] = [String(active.filter(Boolean).length), String(active.length)];
  if (totalKl !== undefined) return t('active {0}/{1} \u00b7 KL {2} nats', used, all, totalKl.toFixed(1));
  return jointKl === undefined ? t('active {0}/{1}', used, all) : t('active {0}/{1} \u00b7 KL {2} nats (Monte Carlo)', used, all, jointKl.toFixed(1));
}

/** Lowest to highest of a character cell. */
const LEVELS = '\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588';
const MOST_BARS = 64;
/** One bar a dimension, as it is numbered, its height the dimension's KL, or, where there is none by dimension, the variance of its posterior means; those that are not used lie flat, all others stand above them. Beyond 64 dimensions a bar is the highest of as many as it takes. Text, since a browser keeps each picture that an editor has shown at the end of a line. */
export function barsText({ kl: nats, variance, active }: LatentUse): string {
  const kl = nats ?? variance;
  const most = Math.max(...kl, Number.MIN_VALUE);
  const levels = kl.map((value, d) => (active[d] ? Math.min(LEVELS.length - 1, Math.max(1, Math.round(value / most * (LEVELS.length - 1)))) : 0));
  const each = Math.ceil(levels.length / MOST_BARS);
  return Array.from({ length: Math.ceil(levels.length / each) }, (_, bar) => LEVELS[Math.max(...levels.slice(bar * each, (bar + 1) * each))]).join('');
}

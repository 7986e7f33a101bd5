import { activeDimensions } from '../../latent/activeDimensions';
import { klOfDimensions } from '../../latent/statistics';
import { svgUri } from './pictureUri';

/** How a run uses its latent space, over some held-out examples. */
export interface LatentUse {
  /** KL(q(z_d|x) || N(0, 1)) of each dimension in nats. */
  readonly kl: readonly number[];
  readonly active: readonly boolean[];
  readonly totalKl: number;
}

/** Of posterior means and log-variances [n, size]. */
export function latentUse(means: Float32Array, logVariances: Float32Array, size: number): LatentUse {
  const kl = [...klOfDimensions(means, logVariances, size)];
  return { kl, active: activeDimensions(means, size), totalKl: kl.reduce((sum, value) => sum + value, 0) };
}

/** `active 13/20 · KL 24.9 nats` */
export const latentUseText = ({ kl, active, totalKl }: LatentUse, t: (text: string, ...values: string[]) => string): string =>
  t('active {0}/{1} \u00b7 KL {2} nats', String(active.filter(Boolean).length), String(kl.length), totalKl.toFixed(1));

const WIDEST = 240;
/** One bar a dimension, as it is numbered, its height the dimension's KL; those that are not used are only outlined by a line. */
export function barsSvgUri({ kl, active }: LatentUse, height: number, colour: string, muted: string): string {
  const pitch = Math.max(1, Math.min(5, WIDEST / kl.length));
  const bar = pitch > 2 ? pitch - 1 : pitch;
  const most = Math.max(...kl, Number.MIN_VALUE);
  const bars = kl.map((value, d) => {
    const tall = Math.max(1, value / most * height);
    return `<rect x="${(d * pitch).toFixed(1)}" y="${(height - tall).toFixed(1)}" width="${bar}" height="${tall.toFixed(1)}" fill="${active[d] ? colour : muted}"/>`;
  });
  return svgUri(`<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(kl.length * pitch)}" height="${height}">${bars.join('')}</svg>`);
}

import { useCallback } from 'preact/hooks';
import { partInWords } from '../../protocol/parts';
import type { Mark, MetricPoint } from '../../protocol/run';
import { Curve } from '../charts/Curve';
import type { Axis } from '../charts/series';
import { decimal, t } from '../text';

/** A part of the loss, under the name that the objective gives it. */
export function PartCurve({ name, axis, points, marks }: { readonly name: string; readonly axis: Axis; readonly points: readonly MetricPoint[]; readonly marks: readonly Mark[] }) {
  const quantity = useCallback((point: MetricPoint) => point.parts[name], [name]);
  const known: Readonly<Record<string, string>> = {
    reconstruction: t('Reconstruction'), kl: t('KL divergence'), bound: t('Bound'), capacityGap: t('Distance from the capacity'), countedKl: t('KL divergence, with free bits'), absoluteCode: t('Sum of absolute codes'),
    mutualInformation: t('Mutual information'), totalCorrelation: t('Total correlation'), discriminator: t('Discriminator'), commitment: t('Distance from the codes'), perplexity: t('Perplexity of the codes'), dimensionWiseKl: t('KL divergence, dimension by dimension'),
  };
  const units: Readonly<Record<string, string>> = { perplexity: t('codes'), commitment: '' };
  const words = partInWords(name);
  return <Curve quantity={quantity} title={known[name] ?? `${words.charAt(0).toUpperCase()}${words.slice(1)}`} unit={units[name] ?? t('nats')} show={decimal} axis={axis} points={points} marks={marks} />;
}

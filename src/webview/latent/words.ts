import type { Split } from '../../protocol/latentItems';
import { norm } from '../../latent/paths';
import { decimal, t, whole } from '../text';
import type { DataInfo, Encoded } from './encodedSet';
import type { Stop } from './state';

/** A dimension and what is known of it. */
export const dimensionWords = (dimension: number, kl: number | undefined): string => (kl === undefined ? `z${dimension}` : t('z{0}, KL {1} nats', dimension, decimal(kl, 2)));
/** By what dimensions are sorted. */
export const orderWords = ({ kl, isPoint }: { readonly kl?: Float64Array | undefined; readonly isPoint: boolean }): string => (isPoint ? '' : kl ? t('by KL divergence') : t('by the variance of the posterior means'));
/** Why there is no KL divergence of a dimension. */
export const jointWords = (): string => t('The prior is of all dimensions together, so the KL divergence exists of all of them only, not of one.');

/** An example's name; people count from 1. */
export const exampleName = (split: Split, index: number): string => (split === 'train' ? t('training example {0}', whole(index + 1)) : t('held-out example {0}', whole(index + 1)));
export const stopName = (stop: Stop): string => (stop.example ? exampleName(stop.example.split, stop.example.index) : t('place of norm {0}', decimal(norm(stop.z), 2)));

/** What is known of an example, in a line a fact. */
export function exampleFacts(encoded: Encoded, info: DataInfo | undefined, index: number): string[] {
  const { labels, factors, reconstruction, kl } = encoded;
  const names = info?.factorNames ?? [];
  return [
    exampleName(encoded.split, index),
    ...(labels ? [t('label {0}', labels[index] ?? 0)] : []),
    ...(factors ? [names.map((name, i) => `${name} ${decimal(factors[index * names.length + i] ?? 0, 1)}`).join(', ')] : []),
    ...(reconstruction.length === 0 ? [] : [lossWords(reconstruction[index] ?? 0, kl[index] ?? 0, info)]),
  ];
}
function lossWords(loss: number, kl: number, info: DataInfo | undefined): string {
  return info?.codeIs === 'point' ? t('reconstruction {0} nats', decimal(loss)) : t('reconstruction {0}, KL {1} nats', decimal(loss), decimal(kl));
}

/** How many examples are shown, and as of when. */
export function encodedWords({ split, count, steps: [first, last] }: Encoded): string {
  const of = split === 'train' ? t('{0} training examples', whole(count)) : t('{0} held-out examples', whole(count));
  return first === last ? t('{0} at step {1}', of, whole(last)) : t('{0} at steps {1} to {2}', of, whole(first), whole(last));
}

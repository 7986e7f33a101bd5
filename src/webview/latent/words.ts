import type { Split } from '../../protocol/latentItems';
import { norm } from '../../latent/paths';
import { decimal, t, whole } from '../text';
import type { DataInfo, Encoded } from './encodedSet';
import type { Stop } from './state';

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
    t('reconstruction {0}, KL {1} nats', decimal(reconstruction[index] ?? 0), decimal(kl[index] ?? 0)),
  ];
}

/** How many examples are shown, and as of when. */
export function encodedWords({ split, count, steps: [first, last] }: Encoded): string {
  const of = split === 'train' ? t('{0} training examples', whole(count)) : t('{0} held-out examples', whole(count));
  return first === last ? t('{0} at step {1}', of, whole(last)) : t('{0} at steps {1} to {2}', of, whole(first), whole(last));
}

import { meanOf } from '../../../latent/statistics';
import { t } from '../../text';
import type { Encoded } from '../encodedSet';
import type { Group } from '../state';

/** A side of an attribute vector: a group, a label, or all there is. */
export interface Side { readonly id: string; readonly name: string; readonly mean: Float32Array }

/** Groups are of one split: those of the other have no means here. */
export function sidesOf(encoded: Encoded | undefined, groups: readonly Group[]): Side[] {
  if (!encoded) return [];
  const { means, size, count, labels, split } = encoded;
  const of = (indices: readonly number[]): Float32Array => meanOf(means, size, indices);
  const all = Array.from({ length: count }, (_, i) => i);
  const known = labels ? [...new Set(labels)].sort((a, b) => a - b) : [];
  return [
    { id: 'all', name: t('all'), mean: of(all) },
    ...groups.flatMap((group) => {
      const indices = group.indices.filter((index) => index < count);
      return group.split === split && indices.length > 0 ? [{ id: `group ${group.name}`, name: group.name, mean: of(indices) }] : [];
    }),
    ...known.map((label) => ({ id: `label ${label}`, name: t('label {0}', label), mean: of(all.filter((i) => labels?.[i] === label)) })),
  ];
}

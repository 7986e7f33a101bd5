import { alongDirection, rowOf, rowsOf } from '../../latent/paths';
import { meanOf } from '../../latent/statistics';
import type { Checked, Result } from '../../protocol/rpc';
import type { usesRequests } from '../../protocol/usesApi';
import { DataError } from '../datasets/index';
import { codesOf } from '../evaluation/codes';
import type { Subject } from '../evaluation/subject';
import { Conditions } from '../latent/conditions';
import { picturesOf } from '../pictures';

/** Moves examples of one class towards another: the attribute vector is the difference of the classes' mean codes (as in Larsen et al. 2016). A conditional model goes on being given the first class. @throws RangeError for a class of which there is no example */
export async function attribute(subject: Subject, dataOf: Readonly<Record<string, string | number>>, { from, to, split, shown, strengths }: Checked<typeof usesRequests, 'attribute'>): Promise<Result<typeof usesRequests, 'attribute'>> {
  const { program, dataset, model, count, exclusive } = subject;
  const { latentDim } = model;
  const labels = dataset.labels?.(split, Array.from({ length: count }, (_, i) => i));
  if (!labels) throw new DataError(`${dataset.name} has no labels, by which an attribute could be told.`);
  const of = (label: number): number[] => Array.from(labels.keys()).filter((i) => labels[i] === label);
  for (const label of [from, to]) if (of(label).length === 0) throw new RangeError(`The ${split} examples of ${dataset.name} hold none of the class ${label}.`);
  const codes = await codesOf(subject);
  const [start, end] = [meanOf(codes, latentDim, of(from)), meanOf(codes, latentDim, of(to))];
  const direction = Array.from(end, (value, d) => value - (start[d] ?? 0));
  const rows = of(from).slice(0, shown).map((i) => alongDirection(rowOf(codes, latentDim, i), direction, strengths));
  const drawn = rows.length * strengths.length;
  return { columns: strengths.length, direction, protocol: { ...dataOf }, pictures: picturesOf(await exclusive(() => program.decode(rowsOf(rows), drawn, new Conditions(model, dataset).rows(drawn, () => from))), drawn, dataset.imageShape) };
}

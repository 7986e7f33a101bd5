import type { Checked, Result } from '../../protocol/rpc';
import type { usesRequests } from '../../protocol/usesApi';
import { codeOf } from '../../spec/models';
import { DataError } from '../datasets/index';
import { elboTerms, needPosterior } from '../evaluation/bounds';
import { measureOf } from '../evaluation/measure';
import type { Subject } from '../evaluation/subject';
import { picturesOf } from '../pictures';
import { areaUnderRoc } from './roc';

/** So many of the highest scores are shown. */
const SHOWN = 32;

/** How badly the model explains each example: -ELBO, or its reconstruction term alone, nats, over `draws` draws of z. @throws DataError without labels; RangeError where the class is not there, or nothing but it; Error where codes are points and -ELBO was asked for */
export async function anomalies(subject: Subject, dataOf: Readonly<Record<string, string | number>>, { score: asked, outlier, draws, seed, split }: Checked<typeof usesRequests, 'anomalies'>): Promise<Result<typeof usesRequests, 'anomalies'>> {
  const { dataset, model, count } = subject;
  const score = asked ?? (codeOf[model.kind] === 'point' ? 'reconstruction' : 'elbo');
  if (score === 'elbo') needPosterior(subject);
  const scores = new Float64Array(count);
  for await (const { index, reconstruction, kl } of elboTerms(subject, draws)) scores[index] = score === 'elbo' ? reconstruction + kl : reconstruction;
  const highest = Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, SHOWN);
  const shown = { highest: highest.map((index) => ({ index, score: scores[index] ?? 0 })), pictures: picturesOf(dataset.batch(split, highest).data, highest.length, dataset.imageShape) };
  const protocol = { ...dataOf, measure: measureOf(model.likelihood), score: score === 'elbo' ? '-ELBO' : 'reconstruction', draws, seed };
  if (outlier === undefined) return { ...shown, protocol };
  const labels = dataset.labels?.(split, Array.from({ length: count }, (_, i) => i));
  if (!labels) throw new DataError(`${dataset.name} has no labels, by which an outlier class could be told.`);
  const of = (wanted: boolean): number[] => [...scores].filter((_, i) => (labels[i] === outlier) === wanted);
  const [outliers, others] = [of(true), of(false)];
  if (outliers.length === 0 || others.length === 0) throw new RangeError(`The ${split} examples of ${dataset.name} hold ${outliers.length} of the class ${outlier} and ${others.length} others: a ROC curve needs both.`);
  return { auc: { ...areaUnderRoc(outliers, others), outliers: outliers.length, others: others.length }, ...shown, protocol: { ...protocol, outlier: dataset.classNames?.[outlier] ?? outlier } };
}

import type { RunConnection } from '../client/hosts';
import { protocolInWords } from '../protocol/evaluationInWords';
import { Exit, split, UsageError, whole, type Values } from './arguments';
import { writeGrid } from './pictures';

const scores = ['elbo', 'reconstruction'] as const;
/** Of the highest scores so many are listed. */
const LISTED = 10;

/** Scores examples by how badly the model explains them; with `--class` the area under the ROC curve of that class against the others. Returns the exit code. */
export async function anomalies(run: RunConnection, values: Values): Promise<number> {
  const score = scores.find((one) => one === (values.score ?? 'elbo'));
  if (!score) throw new UsageError(`--score must be one of ${scores.join(', ')}; got "${values.score ?? ''}".`);
  const params = { score, outlier: whole('class', values.class, 0), split: split(values.split), examples: whole('examples', values.examples, 1), seed: whole('seed', values.seed, 0) };
  const { auc, highest, pictures, protocol } = await run.api.request('anomalies', params);
  if (values.json) console.log(JSON.stringify({ auc, highest, protocol }));
  else {
    if (auc) console.log(`Area under the ROC curve: ${auc.value.toFixed(3)} \u00b1 ${auc.standardError.toFixed(3)} (${auc.outliers} outliers, ${auc.others} others)`);
    console.log(`Highest scores, nats: ${highest.slice(0, LISTED).map(({ index, score: found }) => `example ${index} ${found.toFixed(1)}`).join(', ')}`);
    console.log(`    ${protocolInWords(protocol)}`);
  }
  if (values.out !== undefined) await writeGrid(values.out, [pictures], Math.ceil(Math.sqrt(pictures.count)), values.json);
  return Exit.ok;
}

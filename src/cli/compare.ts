import { compareEvaluations, type Comparison } from '../protocol/compareEvaluations';
import { metricKinds } from '../protocol/evaluation';
import { differencesInWords, digitsOf, protocolInWords, valueInWords } from '../protocol/evaluationInWords';
import { RunEvaluations } from '../runs/evaluations';
import type { ListedRun } from '../runs/registry';
import { Exit, UsageError, type Values } from './arguments';

function inWords(comparison: Comparison): string {
  const { name, a, b } = comparison;
  const { what } = metricKinds[name];
  if (comparison.kind === 'unlike') return `${what}: not compared. The two were not taken alike: ${differencesInWords(comparison.differences)}.`;
  const { difference, standardError } = comparison;
  const digits = Math.max(digitsOf(a), digitsOf(b));
  return `${what}: ${valueInWords(a)} and ${valueInWords(b)}, a difference of ${difference > 0 ? '+' : ''}${difference.toFixed(digits)}${standardError === undefined ? '' : ` \u00b1 ${standardError.toFixed(digits)}`}\n    ${protocolInWords(a.protocol)}`;
}

/** Prints the numbers of two runs side by side, those that were taken alike; of others in what they differ. Returns the exit code: 7 where no number compares. */
export async function compare(first: ListedRun, second: ListedRun, values: Values): Promise<number> {
  const [{ evaluations: a }, { evaluations: b }] = await Promise.all([new RunEvaluations(first.dir).read(), new RunEvaluations(second.dir).read()]);
  const missing = [...a.length === 0 ? [first] : [], ...b.length === 0 ? [second] : []].map(({ manifest: { id } }) => `The run ${id} was not evaluated. Evaluate it: vae-lab evaluate ${id}`);
  if (missing.length > 0) throw new UsageError(missing.join('\n'));
  const comparisons = compareEvaluations(a, b);
  for (const comparison of comparisons) console.log(values.json ? JSON.stringify(comparison) : inWords(comparison));
  return comparisons.some(({ kind }) => kind === 'alike') ? Exit.ok : Exit.unlike;
}

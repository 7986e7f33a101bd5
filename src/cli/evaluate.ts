import type { RunConnection } from '../client/hosts';
import { metricKinds, type Metric } from '../protocol/evaluation';
import { partsOfMetric, protocolInWords, valueInWords } from '../protocol/evaluationInWords';
import { split, UsageError, whole, type Values } from './arguments';
import { writeGrid } from './pictures';
import { barOf, cancellable, filled } from './progress';

/** Two lines: the number, and what it depends on. */
export function metricLines(metric: Metric): string {
  const parts = partsOfMetric(metric);
  return `${metricKinds[metric.name].what}: ${valueInWords(metric)}${parts === '' ? '' : ` (${parts})`}\n    ${protocolInWords(metric.protocol)}`;
}

/** Evaluates a run, prints each number with its protocol, and writes samples above the training images nearest to them where `--out` says so. Ctrl-C cancels. Returns the exit code. */
export async function evaluate(run: RunConnection, values: Values): Promise<number> {
  const params = { split: split(values.split), k: whole('samples', values.samples, 1), examples: whole('examples', values.examples, 1), seed: whole('seed', values.seed, 0) };
  const bar = barOf(values);
  run.api.on('evaluating', ({ what, fraction }) => { bar(filled(fraction, what)); });
  return cancellable(bar, () => run.api.request('cancelEvaluation', {}), async () => {
    const { evaluation, pairs } = await run.api.request('evaluate', params);
    bar('');
    if (values.json) console.log(JSON.stringify(evaluation));
    else {
      console.log(`${evaluation.model}: run ${evaluation.run} after step ${evaluation.step}, on ${evaluation.device}, in ${evaluation.seconds.toFixed(0)} s`);
      for (const metric of evaluation.metrics) console.log(metricLines(metric));
    }
    if (values.out !== undefined) {
      if (!pairs) throw new UsageError('There is no picture to write: the training images of this run cannot be looked at.');
      await writeGrid(values.out, [pairs.samples, pairs.nearest], pairs.samples.count, values.json);
    }
  });
}

import type { RunConnection } from '../client/hosts';
import { metricKinds, type Metric } from '../protocol/evaluation';
import { partsOfMetric, protocolInWords, valueInWords } from '../protocol/evaluationInWords';
import { Exit, split, UsageError, whole, type Values } from './arguments';
import { writeGrid } from './pictures';

/** Two lines: the number, and what it depends on. */
export function metricLines(metric: Metric): string {
  const parts = partsOfMetric(metric);
  return `${metricKinds[metric.name].what}: ${valueInWords(metric)}${parts === '' ? '' : ` (${parts})`}\n    ${protocolInWords(metric.protocol)}`;
}

/** Evaluates a run, prints each number with its protocol, and writes samples above the training images nearest to them where `--out` says so. Ctrl-C cancels. Returns the exit code. */
export async function evaluate(run: RunConnection, values: Values): Promise<number> {
  const params = { split: split(values.split), k: whole('samples', values.samples, 1), examples: whole('examples', values.examples, 1), seed: whole('seed', values.seed, 0) };
  const bar = (text: string): void => { if (!values.json && process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`); };
  run.api.on('evaluating', ({ what, fraction }) => { bar(`[${'='.repeat(Math.round(fraction * 20)).padEnd(20)}] ${what}`); });
  let cancelled = false;
  process.on('SIGINT', () => {
    cancelled = true;
    void run.api.request('cancelEvaluation', {}).catch(() => undefined);
  });
  try {
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
    return Exit.ok;
  } catch (error) {
    bar('');
    if (!cancelled) throw error;
    return Exit.interrupted;
  }
}

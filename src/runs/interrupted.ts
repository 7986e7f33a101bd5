import { open } from 'node:fs/promises';
import path from 'node:path';
import { metricPointSchema, type Manifest, type MetricPoint } from '../protocol/run';

/** More than a line of metrics is long, with room for a torn one after it. */
const TAIL_BYTES = 16_384;

/** The last whole line of metrics. */
async function lastMetric(dir: string): Promise<MetricPoint | undefined> {
  const handle = await open(path.join(dir, 'metrics.jsonl'), 'r').catch(() => undefined);
  try {
    const { size = 0 } = await handle?.stat() ?? {};
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await handle?.read(bytes, 0, bytes.length, size - bytes.length);
    for (const line of bytes.toString('utf8').split('\n').reverse()) {
      try { return metricPointSchema.parse(JSON.parse(line)); } catch { /* torn, or the end of one cut off here */ }
    }
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** The manifest of a run whose host ended without a word: it says how far the run came, which the one that the host wrote last does not know. */
export async function interrupted(dir: string, manifest: Manifest): Promise<Manifest> {
  const last = await lastMetric(dir).catch(() => undefined);
  return { ...manifest, state: { kind: 'interrupted' }, lastStep: Math.max(manifest.lastStep, last?.step ?? 0), ...(last?.split === 'test' ? { lastLoss: last.loss } : {}) };
}

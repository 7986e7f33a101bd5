import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Tracks } from '../protocol/tracks';

/** What the whole of a run's metrics comes to. */
export interface RunSummary { readonly bestLoss?: number; readonly seconds?: number }

const lineSchema = z.object({ split: z.enum(['train', 'test']), wholeSet: z.boolean().optional(), seconds: z.number(), loss: z.number() });
const better = (a: number | undefined, b: number): number => (a === undefined || b < a ? b : a);

/** The best held-out loss, and the time of the last point. Where the whole held-out set was evaluated, it is of that: a batch of it may be an easy one. */
export function summaryOf({ train, test, whole }: Tracks): RunSummary {
  let bestLoss: number | undefined;
  for (const loss of (whole.length > 0 ? whole : test).columns.get('loss') ?? []) if (Number.isFinite(loss)) bestLoss = better(bestLoss, loss);
  const last = [train, test, whole].flatMap(({ seconds: times }) => times.at(-1) ?? []);
  const seconds = last.length === 0 ? undefined : Math.max(...last);
  return { ...(bestLoss === undefined ? {} : { bestLoss }), ...(seconds === undefined ? {} : { seconds }) };
}

const known = new Map<string, { readonly size: number; readonly summary: RunSummary }>();

/** Of a run directory; read again only where the file has grown. Held-out lines and the last one are looked at, the others passed over. */
export async function readSummary(dir: string): Promise<RunSummary> {
  const file = path.join(dir, 'metrics.jsonl');
  const size = await stat(file).then((found) => found.size, () => 0);
  const before = known.get(file);
  if (before?.size === size) return before.summary;
  let [ofBatch, ofWhole]: (number | undefined)[] = [];
  let last = '';
  if (size > 0) {
    for await (const line of createInterface(createReadStream(file))) {
      if (line.endsWith('}')) last = line; // the last may be torn by a crash
      if (!line.includes('"split":"test"')) continue;
      const point = parsed(line);
      if (point?.wholeSet) ofWhole = better(ofWhole, point.loss);
      else if (point) ofBatch = better(ofBatch, point.loss);
    }
  }
  const bestLoss = ofWhole ?? ofBatch;
  const seconds = parsed(last)?.seconds;
  const summary = { ...(bestLoss === undefined ? {} : { bestLoss }), ...(seconds === undefined ? {} : { seconds }) };
  known.set(file, { size, summary });
  return summary;
}

function parsed(line: string): z.infer<typeof lineSchema> | undefined {
  try { return lineSchema.safeParse(JSON.parse(line)).data; } catch { return undefined; }
}

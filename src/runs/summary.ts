import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Mark, ModelChange } from '../protocol/run';
import type { Track, Tracks } from '../protocol/tracks';

/** What the whole of a run's metrics comes to. */
export interface RunSummary { readonly bestLoss?: number; readonly seconds?: number }

const lineSchema = z.object({ step: z.number(), split: z.enum(['train', 'test']), wholeSet: z.boolean().optional(), seconds: z.number(), loss: z.number() });
type Line = Pick<z.infer<typeof lineSchema>, 'step' | 'wholeSet' | 'loss'>;
/** What was done to a run by hand, in the order of its steps. */
export interface Interventions { readonly marks: readonly Mark[]; readonly changes?: readonly Pick<ModelChange, 'step'>[] | undefined }

/** The steps from which a loss is made of other weights than before, or of other parts; the learning rate is none of them. */
const turnsOf = ({ marks, changes = [] }: Interventions): number[] => [...marks.filter(({ name, from, to }) => name !== 'learningRate' && from !== to).map(({ step }) => step), ...changes.map(({ step }) => step)];

/** The best of held-out losses that can be compared: from the last turn on. Where the whole held-out set was evaluated, it is of that: a batch of it may be an easy one. */
class Best {
  #batch: number | undefined;
  #whole: number | undefined;
  constructor(private readonly since: number) {}
  add({ step, wholeSet, loss }: Line): void {
    if (step < this.since || !Number.isFinite(loss)) return;
    if (wholeSet) this.#whole = Math.min(loss, this.#whole ?? Infinity); else this.#batch = Math.min(loss, this.#batch ?? Infinity);
  }
  forget(): void { this.#batch = this.#whole = undefined; }
  get loss(): number | undefined { return this.#whole ?? this.#batch; }
}

/** The last step at which a schedule gave another value than before. */
function lastTurn({ steps, columns }: Track): number {
  let last = 0;
  for (const [name, values] of columns) {
    if (!name.startsWith('scheduled:') || name === 'scheduled:learningRate') continue;
    let at = values.length - 1;
    const now = values.at(at);
    while (at > 0 && Object.is(values.at(at - 1), now)) at--;
    if (at > 0) last = Math.max(last, steps.at(at) ?? 0);
  }
  return last;
}

/** The best held-out loss of what the run is trained for now, and the time of the last point. */
export function summaryOf({ train, test, whole }: Tracks, by: Interventions): RunSummary {
  const best = new Best(Math.max(lastTurn(train), ...turnsOf(by)));
  for (const [track, wholeSet] of [[test, false], [whole, true]] as const) {
    const losses = track.columns.get('loss');
    for (let i = 0; i < track.length; i++) best.add({ step: track.steps.at(i) ?? 0, wholeSet, loss: losses?.at(i) ?? NaN });
  }
  const last = [train, test, whole].flatMap(({ seconds: times }) => times.at(-1) ?? []);
  return summary(best, last.length === 0 ? undefined : Math.max(...last));
}
const summary = ({ loss }: Best, seconds: number | undefined): RunSummary => ({ ...(loss === undefined ? {} : { bestLoss: loss }), ...(seconds === undefined ? {} : { seconds }) });

const known = new Map<string, { readonly size: number; readonly since: number; readonly summary: RunSummary }>();

/** Of a run directory; read again only where the file has grown. Held-out lines and the last one are looked at, of the others what schedules gave. */
export async function readSummary(dir: string, by: Interventions): Promise<RunSummary> {
  const file = path.join(dir, 'metrics.jsonl');
  const [size, since] = [await stat(file).then((found) => found.size, () => 0), Math.max(0, ...turnsOf(by))];
  const before = known.get(file);
  if (before?.size === size && before.since === since) return before.summary;
  const best = new Best(since);
  let [last, scheduled] = ['', ''];
  if (size > 0) {
    for await (const line of createInterface(createReadStream(file))) {
      if (line.endsWith('}')) last = line; // the last may be torn by a crash
      const given = (/"scheduled":\{([^}]*)\}/.exec(line)?.[1] ?? '').replace(/"learningRate":[^,]*,?/, '').replace(/,$/, '');
      if (given !== '' && given !== scheduled) {
        if (scheduled !== '') best.forget();
        scheduled = given;
      }
      const point = line.includes('"split":"test"') ? parsed(line) : undefined;
      if (point) best.add(point);
    }
  }
  const found = summary(best, parsed(last)?.seconds);
  known.set(file, { size, since, summary: found });
  return found;
}

function parsed(line: string): z.infer<typeof lineSchema> | undefined {
  try { return lineSchema.safeParse(JSON.parse(line)).data; } catch { return undefined; }
}

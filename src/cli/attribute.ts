import type { RunConnection } from '../client/hosts';
import { MOST_SHOWN } from '../protocol/usesApi';
import { Exit, split, UsageError, whole, type Values } from './arguments';
import { writeGrid } from './pictures';

/** Moves examples of one class towards another by the difference of their mean codes: a row an example, a column a strength from 0 to 1.25. Returns the exit code. */
export async function attribute(run: RunConnection, values: Values): Promise<number> {
  const [from, to] = [whole('from', values.from, 0), whole('to', values.to, 0)];
  if (from === undefined || to === undefined) throw new UsageError('Name the two classes by their numbers: --from CLASS --to CLASS');
  if (values.out === undefined) throw new UsageError('Say where to write the picture: --out FILE.png');
  const { columns, pictures } = await run.api.request('attribute', { from, to, split: split(values.split), shown: whole('count', values.count, 1, MOST_SHOWN.attribute) });
  await writeGrid(values.out, [pictures], columns);
  return Exit.ok;
}

import path from 'node:path';
import type { RunConnection } from '../client/hosts';
import { UsageError, type Values } from './arguments';
import { writeGrid } from './pictures';

/** Draws what a file exports as a place, path, direction or group, or what the run keeps under that name. */
export async function draw(run: RunConnection, name: string, { from, out }: Values): Promise<void> {
  if (out === undefined) throw new UsageError('Say where to write the picture: --out FILE.png');
  if (from !== undefined) {
    const { columns, pictures } = await run.api.request('drawExport', { file: path.resolve(from), name });
    return writeGrid(out, [pictures], columns);
  }
  const { items } = await run.api.request('items', {});
  const kept = items.find((item) => item.name === name);
  if (!kept) throw new UsageError(items.length === 0 ? `The run keeps nothing named "${name}". Name the file that exports it: --from FILE.vae.ts` : `The run keeps nothing named "${name}". It keeps: ${items.map((item) => item.name).join(', ')}.`);
  const { columns, pictures } = await run.api.request('drawItem', { item: kept.item });
  return writeGrid(out, [pictures], columns);
}

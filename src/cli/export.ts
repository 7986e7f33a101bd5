import path from 'node:path';
import { exportRun } from '../client/exportRun';
import { openRun, type RunConnection } from '../client/hosts';
import { exportFormats, isExportFormat, MOST_BATCH } from '../protocol/exports';
import { MOST_PICTURES } from '../protocol/hostApi';
import type { ListedRun } from '../runs/registry';
import { Exit, UsageError, whole, type Values } from './arguments';

const PRINTED = 5;

/** Writes a run for other programs. Returns the exit code. */
export async function exportTo({ dir, manifest }: ListedRun, values: Values, hostScript: string): Promise<number> {
  const { format, out } = values;
  if (format === undefined || !isExportFormat(format)) throw new UsageError(`--format must be one of ${exportFormats.join(', ')}${format === undefined ? '.' : `; got "${format}".`}`);
  if (out === undefined) throw new UsageError(format === 'safetensors' ? 'Say where to write the file: --out FILE.safetensors' : 'Say where to write the files: --out FOLDER');
  const node = process.execPath;
  let opened: RunConnection | undefined;
  try {
    const { files, notice } = await exportRun(format, {
      dir, out: path.resolve(out), node, hostScript, count: whole('count', values.count, 1, MOST_PICTURES.sample), batch: whole('batch', values.batch, 1, MOST_BATCH),
      host: async () => (opened = await openRun({ node, hostScript, dir, runId: manifest.id, dataFolder: values.data })).api,
    });
    for (const file of files.slice(0, PRINTED)) console.log(`Wrote ${file}`);
    if (files.length > PRINTED) console.log(`and ${files.length - PRINTED} more`);
    if (notice !== undefined) console.log(notice);
    return Exit.ok;
  } finally {
    opened?.close();
  }
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { examine } from '../client/doctor';
import { doctorText } from '../protocol/doctor';
import { Exit, type Values } from './arguments';

/** Prints what each engine does on this machine. Returns the exit code: 5 where none works. */
export async function doctor(values: Values, hostScript: string): Promise<number> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(path.join(__dirname, '..', 'package.json'), 'utf8')));
  const cancel = new AbortController();
  process.on('SIGINT', () => { cancel.abort(); });
  const bar = (text: string): void => { if (!values.json && process.stdout.isTTY) process.stdout.write(`\r\x1b[K${text}`); };
  try {
    const report = await examine({ node: { path: process.execPath, version: process.version }, hostScript, version, signal: cancel.signal, onProgress: (engine) => { bar(`Trying ${engine} ...`); } });
    bar('');
    console.log(values.json ? JSON.stringify(report) : doctorText(report));
    return report.auto === undefined ? Exit.training : Exit.ok;
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    bar('');
    return Exit.interrupted;
  }
}

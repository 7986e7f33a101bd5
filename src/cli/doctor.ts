import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { examine } from '../client/doctor';
import { doctorText } from '../protocol/doctorText';
import { Exit, UsageError, type Values } from './arguments';
import { barOf } from './progress';

/** `FILE` or `FILE#NAME`, for a file of several models. @throws UsageError */
async function modelOf({ model, data }: Values) {
  if (model === undefined) return undefined;
  const [, file = model, name] = /^(.*)#([\w$]+)$/.exec(model) ?? [];
  const modelFile = path.resolve(file);
  await access(modelFile).catch(() => { throw new UsageError(`There is no file ${modelFile}.`); });
  return { modelFile, modelName: name, dataFolder: data === undefined ? undefined : path.resolve(data) };
}

/** Prints what each engine does on this machine, on a model or on the reference VAE. Returns the exit code: 5 where none works. */
export async function doctor(values: Values, hostScript: string): Promise<number> {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(path.join(__dirname, '..', 'package.json'), 'utf8')));
  const model = await modelOf(values);
  const cancel = new AbortController();
  process.on('SIGINT', () => { cancel.abort(); });
  const bar = barOf(values);
  try {
    const report = await examine({ node: { path: process.execPath, version: process.version }, hostScript, version, model, signal: cancel.signal, onProgress: (engine) => { bar(`Trying ${engine} ...`); } });
    bar('');
    console.log(values.json ? JSON.stringify(report) : doctorText(report));
    return report.auto === undefined ? Exit.training : Exit.ok;
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    bar('');
    return Exit.interrupted;
  }
}

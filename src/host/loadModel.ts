import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { createJiti } from 'jiti/static';
import type { SourceLocation } from '../protocol/run';
import * as vaeLab from '../vae/index';
import { stateFolder } from '../runs/stateFolder';
import { isVaeModel, type VaeModel } from '../vae/model';
import { withSeededMathWhile } from './engines/seededMath';

/** The model file cannot be used; the message is a sentence, the location its line where there is one. */
export class ModelFileError extends Error {
  constructor(message: string, readonly location?: SourceLocation) { super(message); }
}

const LOADING_SEED = 1;

/** Runs a model file, or `source` in its place; 'vae-lab' and TensorFlow.js resolve to the host's own instances. @throws ModelFileError */
export async function loadModel(file: string, name: string | undefined, source?: string): Promise<{ name: string; model: VaeModel }> {
  const exported = await loadExports(file, source);
  const models = Object.entries(exported).filter((entry): entry is [string, VaeModel] => isVaeModel(entry[1]));
  const [first] = models;
  if (!first) throw new ModelFileError(`${path.basename(file)} exports no model. Write: export const digits = vae({ ... });`, { file, line: 1 });
  const found = name === undefined ? first : models.find(([key]) => key === name);
  if (!found) throw new ModelFileError(`${path.basename(file)} exports no model named "${name}". It exports: ${models.map(([key]) => key).join(', ')}.`, { file, line: 1 });
  return { name: found[0], model: found[1] };
}

/** Runs a file, its text given or read, and returns what it exports. @throws ModelFileError */
export async function loadExports(file: string, source?: string): Promise<Readonly<Record<string, unknown>>> {
  const jiti = createJiti(file, { fsCache: path.join(stateFolder(), 'modelCode'), moduleCache: false, virtualModules: { 'vae-lab': vaeLab, '@tensorflow/tfjs': tf, '@tensorflow/tfjs-core': tf } });
  try {
    // Seeded, so that what a file draws while it is loaded is the same in each process that loads it.
    const exported: unknown = await withSeededMathWhile(LOADING_SEED, () => Promise.resolve(source === undefined ? jiti.import(file) : jiti.evalModule(source, { filename: file, ext: path.extname(file), async: true })));
    return typeof exported === 'object' && exported !== null ? { ...exported } : {};
  } catch (error) {
    const unknown = /\(0 ?, ?_vaeLab\d*\.(\w+)\) is not a function/.exec(error instanceof Error ? error.message : '');
    if (unknown?.[1] !== undefined) throw new ModelFileError(unknownName(unknown[1]), locate(error, file));
    throw new ModelFileError(`${path.basename(file)} could not be run: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`, locate(error, file));
  }
}

/** What was called is no export of the library: which may have been meant is the one that is spelled most alike. */
function unknownName(name: string): string {
  const known = Object.keys(vaeLab);
  const nearest = known.map((other) => ({ other, distance: spelling(name.toLowerCase(), other.toLowerCase()) })).sort((a, b) => a.distance - b.distance)[0];
  return nearest && nearest.distance <= Math.max(1, name.length / 3) ? `vae-lab has no "${name}". Did you mean "${nearest.other}"?` : `vae-lab has no "${name}". It has: ${known.sort().join(', ')}.`;
}
/** Letters to be put in, left out or changed (Levenshtein 1966). */
function spelling(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The line of the model file in an error's stack, or of the parser's complaint. */
export function locate(error: unknown, file: string): SourceLocation | undefined {
  if (!(error instanceof Error)) return undefined;
  const text = `${error.message}\n${error.stack ?? ''}`;
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`${escaped}:(\\d+)(?::(\\d+))?`).exec(text) ?? /\((\d+):(\d+)\)/.exec(error.message);
  return match?.[1] === undefined ? undefined : { file, line: Number(match[1]), ...(match[2] === undefined ? {} : { column: Math.max(1, Number(match[2])) }) };
}

import { readFile, stat } from 'node:fs/promises';
import type * as z from 'zod';

const NEWLINE = 0x0a;
/** Reading many lines lets others have their turn after so long. */
const TURN_MS = 8;

function* parsed<T>(text: string, schema: z.ZodType<T>): Generator<T> {
  for (let from = 0, end: number; from < text.length; from = end + 1) {
    end = text.indexOf('\n', from);
    if (end === -1) end = text.length;
    const line = text.slice(from, end);
    if (line === '') continue;
    let value: T;
    try { value = schema.parse(JSON.parse(line)); } catch { continue; }
    yield value;
  }
}

/** Lines of JSON; one that is none, such as the last one where a crash tore it, is left out. */
export const parseLines = <T>(text: string, schema: z.ZodType<T>): T[] => [...parsed(text, schema)];

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** The lines of a file, none where there is none. */
export async function readLines<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const lines: T[] = [];
  let began = performance.now();
  for (const line of parsed(await textOf(file), schema)) {
    lines.push(line);
    if (performance.now() - began < TURN_MS) continue;
    await new Promise((resolve) => { setImmediate(resolve); });
    began = performance.now();
  }
  return lines;
}

/** A file that is shorter is read as fast whole. */
const LONG_FILE = 2 ** 20;

/** Some of a long file's lines, the first and the last among them, evenly by their place: most of what many lines take is to understand them. Undefined: it is not long, or not there. */
export async function sampleLines<T>(file: string, schema: z.ZodType<T>, most: number): Promise<T[] | undefined> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (size < LONG_FILE) return undefined;
  const bytes = await readFile(file);
  const end = bytes.at(-1) === NEWLINE ? bytes.length - 1 : bytes.length;
  const chosen: string[] = [];
  for (let i = 0, done = -1; i < most; i++) {
    const place = Math.floor((end - 1) * i / (most - 1));
    if (place <= done) continue;
    const start = place === 0 ? 0 : bytes.lastIndexOf(NEWLINE, place - 1) + 1;
    done = bytes.indexOf(NEWLINE, place);
    if (done === -1) done = bytes.length;
    chosen.push(bytes.toString('utf8', start, done));
  }
  return parseLines(chosen.join('\n'), schema);
}

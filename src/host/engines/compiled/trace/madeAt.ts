import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** This program's own files: its source while it is tested, else the folder of its bundles. */
const own = (__filename.endsWith('.ts') ? path.resolve(__dirname, '../../../..') : __dirname) + path.sep;
/** TensorFlow.js's packages carry source maps, which name files that are not there. */
const mapped = /[\\/]tfjs-(core|layers|data|converter|backend-[a-z]+)[\\/]src[\\/]/;
const isPersons = (file: string): boolean => path.isAbsolute(file) && !file.startsWith(own) && !file.includes(`${path.sep}node_modules${path.sep}`) && !mapped.test(file);
/** Frames kept of a stack: TensorFlow.js's own are many above the person's. */
export const STACK_FRAMES = 60;

/** The innermost line of a person's file in a stack, as `file:line`. */
export function personsLine(stack: string | undefined): string | undefined {
  for (const frame of stack?.split('\n') ?? []) {
    const match = /^\s+at (?:.*?\()?((?:file:\/\/)?[^()]*?):(\d+)(?::\d+)?\)?$/.exec(frame);
    if (match?.[1] === undefined) continue;
    const file = match[1].startsWith('file://') ? fileURLToPath(match[1]) : match[1].replace(/^async /, '');
    if (isPersons(file)) return `${file}:${match[2] ?? ''}`;
  }
  return undefined;
}
/** Where the person's code now is. */
export const personsLineNow = (): string | undefined => personsLine(new Error().stack);

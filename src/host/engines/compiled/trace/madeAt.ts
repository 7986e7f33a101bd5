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
  for (const [, frame = ''] of stack?.matchAll(/^\s+at (?:async )?(.+)$/gm) ?? []) {
    const place = frame.endsWith(')') ? frame.slice(frame.indexOf('(') + 1, -1) : frame;
    const [, where = '', line = ''] = /^(.+?):(\d+)(?::\d+)?$/.exec(place) ?? [];
    const file = where.startsWith('file://') ? fileURLToPath(where) : where;
    if (isPersons(file)) return `${file}:${line}`;
  }
  return undefined;
}

let layer: { readonly madeAt: string; readonly called: Error } | undefined;
/** Runs `work` for a layer made at that stack: its line stands for calls inside that show no line of the person's of their own. */
export function forLayer<T>(madeAt: string | undefined, work: () => T): T {
  const outer = layer;
  if (madeAt !== undefined) layer = { madeAt, called: new Error() };
  try {
    return work();
  } finally {
    layer = outer;
  }
}

/** A place in the person's code. V8 writes a stack out when it is first read; most never are. */
export class Place {
  readonly #here = new Error();
  readonly #layer = layer;
  get line(): string | undefined {
    const here = personsLine(this.#here.stack);
    if (!this.#layer || (here !== undefined && here !== personsLine(this.#layer.called.stack))) return here;
    return personsLine(this.#layer.madeAt) ?? here;
  }
}
export const personsLineNow = (): string | undefined => new Place().line;

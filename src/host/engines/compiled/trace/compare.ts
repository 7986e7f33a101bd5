import type { Data, RecordedCall } from './recording';
import type { Run } from './run';

export type Difference = { readonly kind: 'constant' | 'operations'; readonly call?: RecordedCall };

const bytes = ({ buffer, byteOffset, byteLength }: Data): Buffer => Buffer.from(buffer, byteOffset, byteLength);
const sameData = (a: Data | undefined, b: Data | undefined): boolean => a === b || (a !== undefined && b !== undefined && bytes(a).equals(bytes(b)));
function sameAttribute(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return x.length === y.length && x.every(([name, value], i) => y[i]?.[0] === name && sameAttribute(value, y[i]?.[1]));
}

/** The first thing in which two runs of a step differ. Their values correspond in the order they came to be. */
export function compare(a: Run, b: Run): Difference | undefined {
  const matched = new Map(a.sources.map((value, i) => [value, b.sources[i]]));
  const same = (x: Run['outputs'][number]['value'], y: typeof x | undefined): 'yes' | Difference['kind'] => {
    if (!y || x.shape.join() !== y.shape.join() || x.dtype !== y.dtype) return 'operations';
    const [known, other] = [a.constants.get(x), b.constants.get(y)];
    if (known || other) return sameData(known, other) ? 'yes' : known && other ? 'constant' : 'operations';
    return matched.get(x) === y ? 'yes' : 'operations';
  };
  for (const [i, call] of a.calls.entries()) {
    const other = b.calls[i];
    if (other?.kernel !== call.kernel || call.inputs.length !== other.inputs.length || call.outputs.length !== other.outputs.length) return { kind: 'operations', call };
    for (const [k, input] of call.inputs.entries()) {
      const how = same(input, other.inputs[k]);
      if (how !== 'yes') return { kind: how, call };
    }
    if (!sameAttribute(call.attributes, other.attributes)) return { kind: 'constant', call };
    for (const [k, output] of call.outputs.entries()) matched.set(output, other.outputs[k]);
  }
  const extra = b.calls[a.calls.length];
  if (extra) return { kind: 'operations', call: extra };
  if (a.outputs.map(({ name }) => name).join('\n') !== b.outputs.map(({ name }) => name).join('\n')) return { kind: 'operations' };
  for (const [i, { value }] of a.outputs.entries()) {
    const other = b.outputs[i]?.value;
    const how = same(value, other);
    if (how !== 'yes') return { kind: how };
  }
  return undefined;
}

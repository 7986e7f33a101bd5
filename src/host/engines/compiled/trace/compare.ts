import type { Constant, Graph, NamedValue, Value } from '../graph';

/** Where two graphs part: at that call, if any, and by a value known while tracing or by what is done. */
export interface Difference { readonly kind: 'constant' | 'operations'; readonly call?: number }

const bytes = ({ buffer, byteOffset, byteLength }: Constant['data']): Buffer => Buffer.from(buffer, byteOffset, byteLength);
function sameAttribute(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return x.length === y.length && x.every(([name, value], i) => y[i]?.[0] === name && sameAttribute(value, y[i]?.[1]));
}
const names = (values: readonly NamedValue[]): string => JSON.stringify(values.map(({ name }) => name));
const constantsOf = ({ constants }: Graph): Map<number, Constant['data']> => new Map(constants.map(({ value, data }) => [value.id, data]));

/** The first difference of two graphs; their values correspond in the order they come to be, constants by what they hold. */
export function compare(a: Graph, b: Graph): Difference | undefined {
  if (names(a.inputs) !== names(b.inputs) || names(a.outputs) !== names(b.outputs)) return { kind: 'operations' };
  const [knownInA, knownInB] = [constantsOf(a), constantsOf(b)];
  const matched = new Map(a.inputs.map(({ value }, i) => [value.id, b.inputs[i]?.value.id]));
  const difference = (x: Value, y: Value | undefined): Difference['kind'] | undefined => {
    if (!y || x.shape.join() !== y.shape.join() || x.dtype !== y.dtype) return 'operations';
    const [known, other] = [knownInA.get(x.id), knownInB.get(y.id)];
    if (known && other) return bytes(known).equals(bytes(other)) ? undefined : 'constant';
    return known || other || matched.get(x.id) !== y.id ? 'operations' : undefined;
  };
  for (const [at, call] of a.calls.entries()) {
    const other = b.calls[at];
    if (other?.kernel !== call.kernel || call.inputs.length !== other.inputs.length || call.outputs.length !== other.outputs.length) return { kind: 'operations', call: at };
    for (const [i, input] of call.inputs.entries()) {
      const kind = difference(input, other.inputs[i]);
      if (kind) return { kind, call: at };
    }
    if (!sameAttribute(call.attributes, other.attributes)) return { kind: 'constant', call: at };
    for (const [i, output] of call.outputs.entries()) matched.set(output.id, other.outputs[i]?.id);
  }
  if (b.calls.length > a.calls.length) return { kind: 'operations', call: a.calls.length };
  for (const [i, { value }] of a.outputs.entries()) {
    const kind = difference(value, b.outputs[i]?.value);
    if (kind) return { kind };
  }
  return undefined;
}

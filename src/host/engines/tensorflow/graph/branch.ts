import assert from 'node:assert';
import type { TfEdge, TfGraph } from './builder';

const BOOL = { T: { type: 'bool' } } as const;

/**
 * Effects that happen only where `wanted`, a scalar bool, is true: `make` is given a node that each of them must come after. In TensorFlow's dataflow what comes after a branch not
 * taken does not run. @returns a node that runs after the effects, or after it is known that there are none
 */
export function onlyWhere(g: TfGraph, wanted: TfEdge, make: (pivot: string) => readonly string[]): string {
  const [no, yes] = g.nodes('Switch', [wanted, wanted], [{ type: 'bool', shape: [] }, { type: 'bool', shape: [] }], BOOL);
  assert(no && yes);
  const pivot = g.node('Identity', [yes], 'bool', [], BOOL).name;
  const done = g.node('Identity', [yes], 'bool', [], BOOL, make(pivot));
  return g.node('Merge', [g.node('Identity', [no], 'bool', [], BOOL), done], 'bool', [], { ...BOOL, N: { int: 2 } }).name;
}

import assert from 'node:assert';
import { neededCalls, type Constant, type Graph, type KernelCall } from '../graph';
import type { Edge } from './builder';
import { fuse } from './fuse';
import { Kernel } from './kernel';
import { Ops } from './ops';
import { sameShape } from './shapes';
import { fullEdge, term, uniform, type Term } from './terms';
import { loweringFor } from '../targets';

export interface LoweringOptions {
  /** Keep to ONNX's own operators (no com.microsoft, Conv instead of gathered patches), for files that other programs read. */
  readonly portable?: boolean;
}
export interface Lowered {
  /** An ONNX file's bytes. */
  readonly model: Uint8Array;
  /** The graph's inputs that the outputs depend on; the others must not be given. */
  readonly inputs: string[];
  readonly outputs: string[];
}

/**
 * The ONNX model that computes what `graph` computes; shapes are fixed.
 * @throws NotCompilableError naming the first kernel that has no lowering, or not in this form.
 */
export function lower(graph: Graph, options: LoweringOptions = {}): Lowered {
  const g = new Ops(options.portable);
  return finished(g, lowerInto(g, graph));
}

export interface NamedEdge { readonly name: string; readonly edge: Edge }
/** Adds what a graph computes to a growing one, which may then take its outputs further. @throws NotCompilableError */
export function lowerInto(g: Ops, graph: Graph): NamedEdge[] {
  const terms = new Map<number, Term>();
  for (const { name, value } of graph.inputs) terms.set(value.id, term(g, g.input(name, value.dtype, value.shape), value.shape));
  const calls = neededCalls(graph);
  const used = new Set([...calls.flatMap((call) => call.inputs), ...graph.outputs.map(({ value }) => value)].map(({ id }) => id));
  for (const constant of graph.constants) if (used.has(constant.value.id)) terms.set(constant.value.id, constantTerm(g, constant));
  for (const call of calls) {
    const made = [lowered(g, call, terms)].flat();
    call.outputs.forEach((output, i) => {
      const result = made[i];
      const fits = result && sameShape(result.shape, output.shape) && result.edge.type === output.dtype;
      assert(fits, `${call.kernel} became ${result?.edge.type} [${result?.shape.join()}], not ${output.dtype} [${output.shape.join()}]`);
      terms.set(output.id, result);
    });
  }
  return graph.outputs.map(({ name, value }) => ({ name, edge: fullEdge(g, known(terms, value.id)) }));
}

/** The ONNX model of a graph with these outputs. */
export function finished(g: Ops, outputs: readonly NamedEdge[]): Lowered {
  const { model, inputs } = g.finish(outputs, (nodes, wanted) => fuse(nodes, wanted, (edge) => (g.dataOf(edge)?.length === 1 ? Number(g.dataOf(edge)?.[0]) : undefined)));
  return { model, inputs, outputs: outputs.map(({ name }) => name) };
}

function lowered(g: Ops, call: KernelCall, terms: ReadonlyMap<number, Term>): Term | readonly Term[] {
  return loweringFor('onnxruntime', call)(new Kernel(g, call, call.inputs.map(({ id }) => known(terms, id))));
}

function known(terms: ReadonlyMap<number, Term>, id: number): Term {
  const result = terms.get(id);
  assert(result, `value ${id} is used before it is made`);
  return result;
}

function constantTerm(g: Ops, { value, data }: Constant): Term {
  const first = data[0];
  if (first !== undefined && data.every((item) => item === first)) return uniform(g, first, value.shape, value.dtype);
  return term(g, g.constant(value.dtype, value.shape, data), value.shape);
}

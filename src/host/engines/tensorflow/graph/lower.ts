import assert from 'node:assert';
import { neededCalls, type Graph } from '../../compiled/graph';
import { loweringFor } from '../../compiled/targets';
import type { TfEdge, TfGraph } from './builder';
import { TfKernel } from './kernel';

/**
 * Adds to `g` what computes a traced graph's outputs, by their names. `given` says what stands for an input, and is asked only for those that are needed.
 * @throws NotCompilableError naming the first kernel that has no TensorFlow operations, or not in this form.
 */
export function lowerInto(g: TfGraph, graph: Graph, given: (name: string) => TfEdge): Map<string, TfEdge> {
  const edges = new Map<number, TfEdge>();
  const calls = neededCalls(graph);
  const used = new Set([...calls.flatMap((call) => call.inputs), ...graph.outputs.map(({ value }) => value)].map(({ id }) => id));
  for (const { name, value } of graph.inputs) if (used.has(value.id)) edges.set(value.id, given(name));
  for (const { value, data } of graph.constants) if (used.has(value.id)) edges.set(value.id, g.constant({ type: value.dtype, shape: value.shape, data }));
  const known = (id: number): TfEdge => {
    const edge = edges.get(id);
    assert(edge, `value ${id} is used before it is made`);
    return edge;
  };
  for (const call of calls) {
    const made = [loweringFor('TensorFlow', call)(new TfKernel(g, call, call.inputs.map(({ id }) => known(id))))].flat();
    call.outputs.forEach((output, i) => {
      const edge = made[i];
      assert(edge?.type === output.dtype && edge.shape.join() === output.shape.join(), `${call.kernel} became ${edge?.type} [${edge?.shape.join()}], not ${output.dtype} [${output.shape.join()}]`);
      edges.set(output.id, edge);
    });
  }
  return new Map(graph.outputs.map(({ name, value }) => [name, known(value.id)]));
}

import assert from 'node:assert';
import type { FillNoise } from '../../compiled/executable';
import type { NoiseInput, Traced } from '../../compiled/trace/index';
import { sizeOf } from '../../sizeOf';
import type { TfEdge, TfGraph } from './builder';
import type { Handle, TfSession } from './session';

/** Inputs of a traced step, weights aside: what each run is given, and the noise it draws. */
export class StepInputs {
  readonly #edges = new Map<string, TfEdge>();
  readonly #noise: { readonly input: NoiseInput; readonly values: Float32Array }[] = [];

  constructor(private readonly g: TfGraph, private readonly traced: Traced) {}

  /** The edge of an input that the graph needs. */
  edge(name: string): TfEdge {
    const known = this.#edges.get(name);
    if (known) return known;
    const value = this.traced.graph.inputs.find((input) => input.name === name)?.value;
    const edge = this.g.input(value?.dtype ?? 'float32', value?.shape ?? []);
    this.#edges.set(name, edge);
    const input = this.traced.noise.find((noise) => noise.name === name);
    if (input) this.#noise.push({ input, values: new Float32Array(sizeOf(input.shape)) });
    return edge;
  }
  needs(name: string): boolean { return this.#edges.has(name); }
  get noise(): readonly NoiseInput[] { return this.#noise.map(({ input }) => input); }

  /** Handles of all that was asked for, to be released after the run. */
  hold(session: TfSession, given: Readonly<Record<string, Float32Array>>, fill: FillNoise): [TfEdge, Handle][] {
    const all: Record<string, Float32Array> = { ...given };
    for (const { input, values } of this.#noise) {
      fill(input, values);
      all[input.name] = values;
    }
    return [...this.#edges].map(([name, edge]) => {
      const data = all[name];
      assert(data?.length === sizeOf(edge.shape), `"${name}" has ${data?.length ?? 0} values, not ${sizeOf(edge.shape)}`);
      return [edge, session.hold({ shape: edge.shape, data })];
    });
  }
}

import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { FillNoise } from '../../compiled/executable';
import type { NoiseInput, Traced } from '../../compiled/trace/index';
import { TfGraph, type TfEdge } from './builder';
import { lowerInto } from './lower';
import { TfSession, type Handle } from './session';
import { StepInputs } from './stepInputs';

/** A graph that changes nothing: the weights are given to it. */
export class ViewGraph {
  readonly #session: TfSession;
  readonly #inputs: StepInputs;
  readonly #weights = new Map<string, TfEdge>();
  readonly #outputs: readonly (readonly [string, TfEdge])[];

  /** Of the traced outputs those that `wanted` says. @throws NotCompilableError */
  constructor(binding: TFJSBinding, traced: Traced, weights: ReadonlySet<string>, wanted: (output: string) => boolean = () => true) {
    const g = new TfGraph();
    const inputs = this.#inputs = new StepInputs(g, traced);
    const graph = { ...traced.graph, outputs: traced.graph.outputs.filter(({ name }) => wanted(name)) };
    const outputs = lowerInto(g, graph, (name) => {
      if (!weights.has(name)) return inputs.edge(name);
      const edge = g.input('float32', graph.inputs.find((input) => input.name === name)?.value.shape ?? []);
      this.#weights.set(name, edge);
      return edge;
    });
    // Fetched by nodes of their own: one tensor may be asked for under two names, or be an input.
    this.#outputs = [...outputs].map(([name, edge]) => [name, g.node('Identity', [edge], edge.type, edge.shape, { T: { type: edge.type } })]);
    this.#session = new TfSession(binding, g);
  }

  needs(input: string): boolean { return this.#inputs.needs(input); }
  get noise(): readonly NoiseInput[] { return this.#inputs.noise; }

  /** `weights` stay the caller's. */
  run(weights: ReadonlyMap<string, Handle>, given: Readonly<Record<string, Float32Array>>, fill: FillNoise): Map<string, Float32Array> {
    const held = this.#inputs.hold(this.#session, given, fill);
    try {
      const made = this.#session.run([...held, ...[...this.#weights].map(([name, edge]) => [edge, weights.get(name) ?? NaN] as const)], this.#outputs.map(([, edge]) => edge));
      const values = new Map(this.#outputs.map(([name], i) => [name, this.#session.values(made[i] ?? NaN) as Float32Array]));
      this.#session.release(made);
      return values;
    } finally {
      this.#session.release(held.map(([, handle]) => handle));
    }
  }

  dispose(): void { this.#session.dispose(); }
}

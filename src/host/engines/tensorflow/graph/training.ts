import assert from 'node:assert';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { FillNoise } from '../../compiled/executable';
import { ASSIGN, GRADIENT } from '../../compiled/step';
import type { Traced } from '../../compiled/trace/index';
import type { NamedTensor } from '../../engine';
import { sizeOf } from '../../sizeOf';
import { TfGraph, type TfEdge } from './builder';
import { lowerInto } from './lower';
import type { GraphOptimizer } from './optimizers';
import { TfSession, type Handle } from './session';
import { StepInputs } from './stepInputs';

export interface Weight { readonly name: string; readonly shape: readonly number[] }
interface Variable extends Weight { readonly handle: TfEdge; readonly read: TfEdge; readonly written: TfEdge }

/** A training step as one TensorFlow graph: weights and the optimizer's slots are variables on the device, and a run is one update. */
export class TrainingGraph {
  readonly #session: TfSession;
  readonly #inputs: StepInputs;
  readonly #optimizer: GraphOptimizer;
  readonly #variables: readonly Variable[];
  readonly #weightCount: number;
  readonly #parts: { readonly names: readonly string[]; readonly edge: TfEdge };
  readonly #restored: TfEdge;

  /** @throws NotCompilableError */
  constructor(binding: TFJSBinding, traced: Traced, weights: readonly Weight[], trainable: readonly string[], optimizer: GraphOptimizer) {
    const g = new TfGraph();
    const variable = ({ name, shape }: Weight): Variable => {
      const handle = g.variable(shape);
      return { name, shape, handle, read: g.read(handle), written: g.input('float32', shape) };
    };
    const weightVariables = weights.map(variable);
    const slots = weights.filter(({ name }) => trainable.includes(name)).flatMap(({ name, shape }) => optimizer.slotKinds.map((kind) => variable({ name: `optimizer/${kind}/${name}`, shape })));
    this.#variables = [...weightVariables, ...slots];
    this.#weightCount = weights.length;
    this.#optimizer = optimizer;
    const byName = new Map(this.#variables.map((one) => [one.name, one]));
    const inputs = this.#inputs = new StepInputs(g, traced);
    const outputs = lowerInto(g, traced.graph, (name) => byName.get(name)?.read ?? inputs.edge(name));
    const names = [...outputs.keys()].filter((name) => !name.startsWith(GRADIENT) && !name.startsWith(ASSIGN));
    const parts = g.node('Pack', names.map((name) => outputs.get(name) as TfEdge), 'float32', [names.length], { T: { type: 'float32' }, N: { int: names.length } });

    // A weight changes when all that reads it has run: TensorFlow would copy it otherwise.
    const changes = weightVariables.flatMap(({ name, handle, read }) => {
      const [gradient, assigned, after] = [outputs.get(`${GRADIENT}${name}`), outputs.get(`${ASSIGN}${name}`), g.consumers(read)];
      const update = gradient && optimizer.update(g, { weight: handle, slot: (kind) => slotOf(byName, kind, name), gradient, after }, (scalar) => inputs.edge(`optimizer/${scalar}`));
      return [...(update === undefined ? [] : [update]), ...(assigned ? [g.assign(handle, g.copy(assigned), after)] : [])];
    });
    this.#parts = { names, edge: g.node('Identity', [parts], 'float32', [names.length], { T: { type: 'float32' } }, changes) };
    this.#restored = g.node('Identity', [g.scalar(0)], 'float32', [], { T: { type: 'float32' } }, this.#variables.map(({ handle, written }) => g.assign(handle, g.copy(written))));
    this.#session = new TfSession(binding, g);
  }

  /** One update, the `update`th. @returns the step's scalars by name */
  step(given: Readonly<Record<string, Float32Array>>, learningRate: number, update: number, fill: FillNoise): Map<string, number> {
    const scalars = Object.entries(this.#optimizer.scalars(learningRate, update)).map(([name, value]) => [`optimizer/${name}`, Float32Array.of(value)]);
    const held = this.#inputs.hold(this.#session, { ...given, ...Object.fromEntries(scalars) }, fill);
    const made = this.#run(held, [this.#parts.edge]);
    const values = this.#session.values(made[0] ?? NaN);
    this.#session.release(made);
    return new Map(this.#parts.names.map((name, i) => [name, values[i] ?? NaN]));
  }

  /** Weights and slots, by the checkpoint's names. */
  get tensors(): readonly Weight[] { return this.#variables; }
  read(): NamedTensor[] {
    const made = this.#session.run([], this.#variables.map(({ read }) => read));
    const tensors = this.#variables.map(({ name, shape }, i) => ({ name, shape, data: this.#session.values(made[i] ?? NaN) as Float32Array }));
    this.#session.release(made);
    return tensors;
  }
  /** In the order of `tensors`. */
  write(state: readonly NamedTensor[]): void {
    const held = this.#variables.map(({ written, shape }, i): [TfEdge, Handle] => [written, this.#session.hold({ shape, data: state[i]?.data ?? new Float32Array(sizeOf(shape)) })]);
    this.#session.release(this.#run(held, [this.#restored]));
  }
  /** The weights' values, as long as the caller holds them; the next step is slower until they are released. */
  weights(): { handles: Map<string, Handle>; release: () => void } {
    const weights = this.#variables.slice(0, this.#weightCount);
    const made = this.#session.run([], weights.map(({ read }) => read));
    return { handles: new Map(weights.map(({ name }, i) => [name, made[i] ?? NaN])), release: () => { this.#session.release(made); } };
  }

  #run(held: readonly [TfEdge, Handle][], wanted: readonly TfEdge[]): Handle[] {
    try {
      return this.#session.run(held, wanted);
    } finally {
      this.#session.release(held.map(([, handle]) => handle));
    }
  }

  dispose(): void { this.#session.dispose(); }
}

function slotOf(byName: ReadonlyMap<string, Variable>, kind: string, weight: string): TfEdge {
  const slot = byName.get(`optimizer/${kind}/${weight}`);
  assert(slot, `no slot ${kind} for ${weight}`);
  return slot.handle;
}

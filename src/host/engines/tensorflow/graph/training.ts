import assert from 'node:assert';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import type { FillNoise } from '../../compiled/executable';
import { ASSIGN, GRADIENT } from '../../compiled/step';
import type { Traced } from '../../compiled/trace/index';
import type { NamedTensor } from '../../engine';
import { sizeOf } from '../../sizeOf';
import { TfGraph, type TfEdge } from './builder';
import { lowerInto } from './lower';
import { onlyWhere } from './branch';
import { clipFactor, norms, pack } from './norms';
import type { GraphOptimizer } from './optimizers';
import { TfSession, type Handle } from './session';
import { StepInputs } from './stepInputs';

export interface Weight { readonly name: string; readonly shape: readonly number[] }
/** What one update gave. */
export interface GraphUpdate {
  /** The step's scalars by name. */
  readonly parts: ReadonlyMap<string, number>;
  /** Of all gradients together, before clipping. */
  readonly gradientNorm: number;
  /** Where they were asked for: of each weight's gradient, before clipping. */
  readonly norms?: ReadonlyMap<string, number>;
}
interface Variable extends Weight { readonly handle: TfEdge; readonly read: TfEdge; readonly written: TfEdge }

/** A training step as one TensorFlow graph: weights and the optimizer's slots are variables on the device, and a run is one update, or none where the loss or a gradient is not finite. */
export class TrainingGraph {
  readonly #session: TfSession;
  readonly #inputs: StepInputs;
  readonly #optimizer: GraphOptimizer;
  readonly #variables: readonly Variable[];
  readonly #weightCount: number;
  readonly #parts: { readonly names: readonly string[]; readonly edge: TfEdge };
  readonly #norms: { readonly names: readonly string[]; readonly edge: TfEdge };
  readonly #restored: TfEdge;

  /** @throws NotCompilableError */
  constructor(binding: TFJSBinding, traced: Traced, weights: readonly Weight[], trainable: readonly string[], optimizer: GraphOptimizer, clipNorm?: number) {
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
    const gradients = new Map(weights.flatMap(({ name }) => { const gradient = outputs.get(`${GRADIENT}${name}`); return gradient ? [[name, gradient] as const] : []; }));
    const { each, all } = norms(g, [...gradients.values()]);
    const parts = pack(g, [...names.map((name) => outputs.get(name) as TfEdge), all]);
    const factor = clipNorm === undefined ? undefined : clipFactor(g, all, clipNorm);

    // A weight changes when all that reads it has run: TensorFlow would copy it otherwise.
    const changed = onlyWhere(g, g.node('LogicalAnd', [isFinite(g, lossIn(outputs)), isFinite(g, all)], 'bool', []), (pivot) => weightVariables.flatMap(({ name, handle, read }) => {
      const [given, assigned, after] = [gradients.get(name), outputs.get(`${ASSIGN}${name}`), [...g.consumers(read), pivot]];
      const gradient = given && factor ? g.typed('Mul', [given, factor], given.shape) : given;
      const update = gradient && optimizer.update(g, { weight: handle, read, slot: (kind) => slotOf(byName, kind, name), gradient, after }, (scalar) => inputs.edge(`optimizer/${scalar}`));
      return [...(update === undefined ? [] : [update]), ...(assigned ? [g.assign(handle, g.copy(assigned), after)] : [])];
    }));
    const fetched = (edge: TfEdge, after: readonly string[]): TfEdge => g.node('Identity', [edge], 'float32', edge.shape, { T: { type: 'float32' } }, after);
    this.#parts = { names, edge: fetched(parts, [changed]) };
    this.#norms = { names: [...gradients.keys()], edge: fetched(each, []) };
    this.#restored = g.node('Identity', [g.scalar(0)], 'float32', [], { T: { type: 'float32' } }, this.#variables.map(({ handle, written }) => g.assign(handle, g.copy(written))));
    this.#session = new TfSession(binding, g);
  }

  /** One update, the `update`th. */
  step(given: Readonly<Record<string, Float32Array>>, learningRate: number, update: number, fill: FillNoise, perWeight = false): GraphUpdate {
    const scalars = Object.entries(this.#optimizer.scalars(learningRate, update)).map(([name, value]) => [`optimizer/${name}`, Float32Array.of(value)]);
    const held = this.#inputs.hold(this.#session, { ...given, ...Object.fromEntries(scalars) }, fill);
    const made = this.#run(held, perWeight ? [this.#parts.edge, this.#norms.edge] : [this.#parts.edge]);
    const [values = [], each] = made.map((handle) => this.#session.values(handle));
    this.#session.release(made);
    const byName = (names: readonly string[], of: ArrayLike<number>): Map<string, number> => new Map(names.map((name, i) => [name, of[i] ?? NaN]));
    return { parts: byName(this.#parts.names, values), gradientNorm: values[this.#parts.names.length] ?? NaN, ...(each ? { norms: byName(this.#norms.names, each) } : {}) };
  }

  needs(input: string): boolean { return this.#inputs.needs(input); }
  /** SHA-256 of the SavedModel. */
  get model(): string { return this.#session.model; }
  /** Weights and slots, by the checkpoint's names. */
  get tensors(): readonly Weight[] { return this.#variables; }
  read(): NamedTensor[] { return this.#read(this.#variables); }
  readWeights(): NamedTensor[] { return this.#read(this.#variables.slice(0, this.#weightCount)); }
  #read(variables: readonly Variable[]): NamedTensor[] {
    const made = this.#session.run([], variables.map(({ read }) => read));
    const tensors = variables.map(({ name, shape }, i) => ({ name, shape, data: this.#session.values(made[i] ?? NaN) as Float32Array }));
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

const isFinite = (g: TfGraph, scalar: TfEdge): TfEdge => g.node('IsFinite', [scalar], 'bool', [], { T: { type: 'float32' } });

function lossIn(outputs: ReadonlyMap<string, TfEdge>): TfEdge {
  const loss = outputs.get('loss');
  assert(loss, 'the step has no loss');
  return loss;
}

function slotOf(byName: ReadonlyMap<string, Variable>, kind: string, weight: string): TfEdge {
  const slot = byName.get(`optimizer/${kind}/${weight}`);
  assert(slot, `no slot ${kind} for ${weight}`);
  return slot.handle;
}

import type { OptimizerDescription } from '../../../vae/optimizers';
import type { FillNoise } from '../compiled/executable';
import { finished, lowerInto, type Lowered, type NamedEdge } from '../compiled/lower/index';
import { Ops } from '../compiled/lower/ops';
import type { Edge } from '../compiled/lower/builder';
import { ASSIGN, GRADIENT } from '../compiled/step';
import type { NoiseInput, Traced } from '../compiled/trace/index';
import { sizeOf } from '../sizeOf';
import { DeviceGraph, valuesOf, type DeviceTensor, type Ort } from './device';
import { deviceOptimizer } from './optimizers';

export interface Weight { readonly name: string; readonly shape: readonly number[] }
const NEW = 'new:';
const SCALAR = 'optimizer:';
const NORM = 'norm:';
const ALL = 'norm';

export interface TrainingOptions { readonly weights: readonly Weight[]; readonly trainable: ReadonlySet<string>; readonly optimizer: OptimizerDescription; readonly clipNorm: number | undefined }
export const slotsOf = ({ weights, trainable, optimizer }: TrainingOptions): Weight[] =>
  weights.filter(({ name }) => trainable.has(name)).flatMap(({ name, shape }) => deviceOptimizer(optimizer).slotKinds.map((kind) => ({ name: `optimizer/${kind}/${name}`, shape })));

/** A training step with its update as one ONNX model: it is given the state and makes the next, so that one that is not wanted is thrown away. Convolutions are plain Conv, which GPUs run best. */
export function updateModel({ graph }: Traced, options: TrainingOptions): Lowered {
  const g = new Ops(true);
  const made = new Map(lowerInto(g, graph).map(({ name, edge }) => [name, edge]));
  const optimizer = deviceOptimizer(options.optimizer);
  const scalars = new Map<string, Edge>();
  const scalar = (name: string): Edge => {
    const edge = scalars.get(name) ?? g.input(`${SCALAR}${name}`, 'float32', []);
    scalars.set(name, edge);
    return edge;
  };
  const outputs: NamedEdge[] = [...made].flatMap(([name, edge]) => (name.startsWith(GRADIENT) || name.startsWith(ASSIGN) ? [] : [{ name, edge }]));
  const gradients = options.weights.flatMap((weight) => { const gradient = made.get(`${GRADIENT}${weight.name}`); return gradient ? [{ ...weight, gradient }] : []; });
  const squares = gradients.map(({ gradient }) => g.reshape(g.reduce('ReduceSum', g.reshape(g.mul(gradient, gradient), [sizeOf(gradient.shape)]), [0]), []));
  squares.forEach((edge, i) => outputs.push({ name: `${NORM}${gradients[i]?.name ?? ''}`, edge: g.unary('Sqrt', edge) }));
  const all = g.unary('Sqrt', squares.reduce((a, b) => g.add(a, b)));
  outputs.push({ name: ALL, edge: all });
  const factor = options.clipNorm === undefined ? undefined : g.elementwise('Min', [g.div(g.scalar(options.clipNorm), g.add(all, g.scalar(1e-6))), g.scalar(1)]);
  const slots = new Map(slotsOf(options).map(({ name, shape }) => [name, g.input(name, 'float32', shape)]));
  for (const { name, gradient, shape } of gradients) {
    const slot = (kind: string): Edge => slots.get(`optimizer/${kind}/${name}`) ?? g.filled(0, shape);
    const weight = g.existingInput(name) ?? g.input(name, 'float32', shape);
    const updated = optimizer.update(g, weight, factor ? g.mul(gradient, factor) : gradient, slot, scalar);
    outputs.push({ name: `${NEW}${name}`, edge: updated.weight }, ...Object.entries(updated.slots).map(([kind, edge]) => ({ name: `${NEW}optimizer/${kind}/${name}`, edge })));
  }
  for (const [name, edge] of made) if (name.startsWith(ASSIGN)) outputs.push({ name: `${NEW}${name.slice(ASSIGN.length)}`, edge });
  return finished(g, outputs);
}

/** What one update gave; `next` is the state that it changed, on the device. */
export interface Update { readonly scalars: ReadonlyMap<string, number>; readonly gradientNorm: number; readonly norms: ReadonlyMap<string, number>; readonly next: ReadonlyMap<string, DeviceTensor> }

/** The model, ready to run. */
export class TrainingGraph {
  private constructor(private readonly graph: DeviceGraph, private readonly noise: readonly NoiseInput[], private readonly shapes: ReadonlyMap<string, readonly number[]>, private readonly options: TrainingOptions) {}

  static async create(ort: Ort, traced: Traced, model: Lowered, options: TrainingOptions): Promise<TrainingGraph> {
    const needed = new Set(model.inputs);
    return new TrainingGraph(await DeviceGraph.create(ort, model, (name) => name.startsWith(NEW)), traced.noise.filter(({ name }) => needed.has(name)), new Map(traced.graph.inputs.map(({ name, value }) => [name, value.shape])), options);
  }

  needs(input: string): boolean { return this.graph.inputs.includes(input); }

  async step(state: ReadonlyMap<string, DeviceTensor>, given: Readonly<Record<string, Float32Array>>, learningRate: number, update: number, fill: FillNoise): Promise<Update> {
    const made = await this.graph.run(this.#feeds(state, given, learningRate, update, fill));
    const [scalars, norms, next] = [new Map<string, number>(), new Map<string, number>(), new Map<string, DeviceTensor>()];
    for (const [name, tensor] of Object.entries(made)) {
      if (name.startsWith(NEW)) next.set(name.slice(NEW.length), tensor);
      else if (name.startsWith(NORM)) norms.set(name.slice(NORM.length), valuesOf(tensor)[0] ?? NaN);
      else scalars.set(name, valuesOf(tensor)[0] ?? NaN);
    }
    return { scalars, gradientNorm: scalars.get(ALL) ?? NaN, norms, next };
  }

  #feeds(state: ReadonlyMap<string, DeviceTensor>, given: Readonly<Record<string, Float32Array>>, learningRate: number, update: number, fill: FillNoise): Record<string, DeviceTensor> {
    const scalars = deviceOptimizer(this.options.optimizer).scalars(learningRate, update);
    return Object.fromEntries(this.graph.inputs.map((name) => {
      const [held, shape, noise] = [state.get(name), this.shapes.get(name) ?? [], this.noise.find((input) => input.name === name)];
      if (held) return [name, held];
      if (!noise) return [name, this.graph.tensor(name.startsWith(SCALAR) ? Float32Array.of(scalars[name.slice(SCALAR.length)] ?? NaN) : given[name] ?? new Float32Array(0), shape)];
      const values = new Float32Array(sizeOf(noise.shape));
      fill(noise, values);
      return [name, this.graph.tensor(values, noise.shape)];
    }));
  }

  dispose(): void { this.graph.dispose(); }
}

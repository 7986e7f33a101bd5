import * as tf from '@tensorflow/tfjs';
import { Place, STACK_FRAMES } from './compiled/trace/madeAt';
import type { NonFinite } from './engine';
import type { NamedVariable } from './network';
import { freeTape } from './tape';

interface Call { readonly operation: string; readonly inputs: readonly number[]; readonly isFinite: boolean; readonly place: Place; /** The operation whose gradient it is a part of. */ readonly gradientOf: Call | undefined }
type Tape = NonNullable<ReturnType<typeof tf.engine>['state']['activeTape']>;

const tensorsIn = (given: object): tf.Tensor[] => Object.values(given).flat().filter((value): value is tf.Tensor => value instanceof tf.Tensor);
/** Reads the values. */
const isFinite = (tensor: tf.Tensor): boolean => tensor.dtype !== 'float32' || tensor.dataSync<'float32'>().every(Number.isFinite);

/** Every call of an operation, and on whose behalf: gradients are computed when no line of the person's is on the stack. */
class Calls {
  readonly #madeBy = new Map<number, Call>();
  #gradientOf: Call | undefined;

  record(operation: string, inputs: tf.NamedTensorMap, place: Place, results: readonly tf.Tensor[]): void {
    const call = { operation, inputs: tensorsIn(inputs).map(({ id }) => id), isFinite: results.every(isFinite), place, gradientOf: this.#gradientOf };
    for (const { id } of results) this.#madeBy.set(id, call);
  }

  /** Of what is recorded while the gradients of these operations are computed. */
  attribute(tape: Tape): void {
    for (const node of tape) {
      const { gradient, outputs: [output] } = node;
      const call = output && this.#madeBy.get(output.id);
      if (!call || !gradient) continue;
      node.gradient = (dys) => Object.fromEntries(Object.entries(this.#for(call, () => gradient(dys))).map(([name, make]) => [name, () => this.#for(call, make)]));
    }
  }
  #for<T>(call: Call, work: () => T): T {
    const outer = this.#gradientOf;
    this.#gradientOf = call;
    try {
      return work();
    } finally {
      this.#gradientOf = outer;
    }
  }

  /** The first call that a result owes to that it is not finite: all that it was given is. */
  behind({ id }: tf.Tensor): NonFinite | undefined {
    let culprit: Call | undefined;
    for (let call = this.#madeBy.get(id); call && !call.isFinite; call = call.inputs.map((input) => this.#madeBy.get(input)).find((earlier) => earlier?.isFinite === false)) culprit = call;
    if (!culprit) return undefined;
    const { operation, place: { line } } = culprit.gradientOf ?? culprit;
    return { operation, ...(culprit.gradientOf ? { ofGradient: true } : {}), ...(line === undefined ? {} : { madeAt: line }) };
  }
}

/**
 * Where the loss stopped being finite, or, where gradients are asked for and it is, they did: a weight that is not, else the operation whose inputs all are and on whose result, through
 * others that are not, the loss or the gradient depends. An infinity that a later operation leaves out is no culprit. Computes on the current backend and reads every result: slow.
 */
export function firstNonFinite(weights: readonly NamedVariable[], loss: () => tf.Scalar, withGradients: boolean): NonFinite | undefined {
  const weight = weights.find(({ variable }) => !isFinite(variable));
  if (weight) return { weight: weight.name };
  const calls = new Calls();
  const engine = tf.engine();
  const original = engine.runKernel.bind(engine);
  const frames = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_FRAMES;
  engine.runKernel = <T extends tf.Tensor | tf.Tensor[]>(operation: string, inputs: tf.NamedTensorMap, attributes?: tf.NamedAttrMap): T => {
    const place = new Place();
    const outputs = original<T>(operation, inputs, attributes);
    calls.record(operation, inputs, place, [outputs].flat());
    return outputs;
  };
  let found: NonFinite | undefined;
  const lossOnce = (): tf.Scalar => {
    const result = loss();
    found = calls.behind(result);
    calls.attribute(engine.state.activeTape ?? []);
    return result;
  };
  try {
    tf.tidy(() => {
      if (!withGradients) { lossOnce(); return; }
      const { grads } = tf.variableGrads(lossOnce, weights.filter(({ trainable }) => trainable).map(({ variable }) => variable));
      for (const gradient of Object.values(grads)) if (gradient as tf.Tensor | null) found ??= calls.behind(gradient);
    });
  } catch (error) {
    freeTape();
    if (!found) throw error; // a backend that lacks gradients has found what it could
  } finally {
    Reflect.deleteProperty(engine, 'runKernel');
    Error.stackTraceLimit = frames;
  }
  return found;
}

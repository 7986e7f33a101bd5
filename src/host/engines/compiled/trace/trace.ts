import { NotCompilableError, type Graph, type KernelCall, type NamedValue, type Value } from '../graph';
import { compare } from './compare';
import { noiseInput, type NoiseInput } from './noise';
import { runOnce, type Run, type TraceOptions } from './run';

export type { NoiseInput, NoiseKind } from './noise';
export type { TraceOptions } from './run';

export interface Traced {
  /** Inputs are the step's, then the variables, then the noise; outputs are the step's, then `assign:NAME` for each variable assigned. */
  readonly graph: Graph;
  /** To be filled with fresh numbers at each step. */
  readonly noise: readonly NoiseInput[];
  /** Names of the variables that the step assigns. */
  readonly assigned: readonly string[];
}

/**
 * Writes down what one step of TensorFlow.js code does, without values, in two runs that must agree. Nothing lasts of them: no tensor,
 * and variables keep their values.
 * @throws NotCompilableError, with the person's line where it is known: for a value read, a variable or layer made or unknown, randomness that is not
 * TensorFlow.js's float noise, an operation without a rule, and whatever differs from one step to the next.
 */
export function trace(options: TraceOptions): Traced {
  const [first, second] = [runOnce(options, 0), runOnce(options, 1)];
  const places = first.calls.map(({ where }) => where.line);
  const [graph, again] = [graphOf(first, places), graphOf(second)];
  const difference = compare(graph, again);
  if (difference) {
    const where = difference.call === undefined ? undefined : places[difference.call] ?? second.calls[difference.call]?.where.line;
    if (difference.kind === 'constant') throw new NotCompilableError('A number made in JavaScript changes from one training step to the next, but is compiled once: make it an input, such as a hyperparameter, or a tensor computed from one.', where);
    throw new NotCompilableError('The operations of the training step change from one step to the next: a branch or a counter in JavaScript is compiled once.', where);
  }
  return { graph, noise: first.drawn.map((drawn, i) => noiseInput(noiseName(i), drawn, second.drawn[i])), assigned: first.assigned };
}

/** Whether a step traced again, as at another epoch, is what was compiled: JavaScript may have changed since. */
export function isSameStep(a: Traced, b: Traced): boolean {
  return compare(a.graph, b.graph) === undefined && JSON.stringify(a.noise) === JSON.stringify(b.noise);
}

const noiseName = (index: number): string => `noise:${index}`;

function graphOf(run: Run, places: readonly (string | undefined)[] = []): Graph {
  const renumbered = new Map<Value, Value>();
  const number = (value: Value): Value => {
    const known = renumbered.get(value);
    if (known) return known;
    const made = { ...value, id: renumbered.size };
    renumbered.set(value, made);
    return made;
  };
  const named = ({ name, value }: NamedValue): NamedValue => ({ name, value: number(value) });
  const inputs = [...run.inputs, ...run.variables, ...run.drawn.map(({ value }, i) => ({ name: noiseName(i), value }))].map(named);
  const constants = [...run.constants].map(([value, data]) => ({ value: number(value), data }));
  const calls = run.calls.map(({ kernel, inputs: given, inputNames, attributes, outputs }, i): KernelCall => {
    const madeAt = places[i];
    return { kernel, inputs: given.map(number), inputNames, attributes, outputs: outputs.map(number), ...(madeAt === undefined ? {} : { madeAt }) };
  });
  return { inputs, constants, calls, outputs: run.outputs.map(named) };
}

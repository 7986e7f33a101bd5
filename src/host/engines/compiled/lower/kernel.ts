import { NotCompilableError, type DType, type KernelCall } from '../graph';
import type { Edge } from './builder';
import type { Ops } from './ops';
import { edgeOf, fullEdge, term, type Term } from './terms';
import type { Shape } from './shapes';

/** How a kernel is lowered; one term for each of the kernel's outputs. Throws NotCompilableError by `refuse`. */
export type Lowering = (kernel: Kernel) => Term | readonly Term[];
export type Lowerings = Readonly<Record<string, Lowering>>;

/** One kernel call while it is lowered: its inputs as terms, its attributes with their types checked. */
export class Kernel {
  readonly shape: Shape;
  readonly type: DType;

  constructor(readonly g: Ops, readonly call: KernelCall, readonly inputs: readonly Term[]) {
    this.shape = call.outputs[0]?.shape ?? [];
    this.type = call.outputs[0]?.dtype ?? 'float32';
  }

  /** An input by its name. */
  term(name: string): Term { return this.optional(name) ?? this.refuse(`its input ${name} is missing`); }
  optional(name: string): Term | undefined { return this.inputs[this.call.inputNames.indexOf(name)]; }
  /** An input's values, in a shape that broadcasts to its own. */
  edge(name: string): Edge { return edgeOf(this.g, this.term(name)); }
  /** An input's values in its own shape. */
  full(name: string): Edge { return fullEdge(this.g, this.term(name)); }

  number(name: string, otherwise?: number): number {
    const value = this.call.attributes[name];
    return typeof value === 'number' ? value : otherwise ?? this.refuse(`its attribute ${name} is missing`);
  }
  numbers(name: string): number[] {
    const value = this.call.attributes[name];
    if (typeof value === 'number') return [value];
    return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : this.refuse(`its attribute ${name} is missing`);
  }
  pairs(name: string): [number, number][] {
    const value = this.call.attributes[name];
    const isPair = (pair: unknown): pair is [number, number] => Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'number';
    return Array.isArray(value) && value.every(isPair) ? value : this.refuse(`its attribute ${name} is not made of pairs`);
  }
  flag(name: string): boolean { return this.call.attributes[name] === true; }
  text(name: string, otherwise?: string): string {
    const value = this.call.attributes[name];
    return typeof value === 'string' ? value : otherwise ?? this.refuse(`its attribute ${name} is missing`);
  }
  has(name: string): boolean { return this.call.attributes[name] !== undefined && this.call.attributes[name] !== null; }

  /** The first output: `factor` times `edge`. */
  made(edge: Edge, factor = 1): Term { return term(this.g, edge, this.shape, factor); }

  refuse(why: string): never {
    throw new NotCompilableError(`The operation ${this.call.kernel} cannot be compiled here: ${why}.`, this.call.madeAt);
  }
}

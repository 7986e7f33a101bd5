import { CallReader } from '../callReader';
import type { KernelCall } from '../graph';
import type { Edge } from './builder';
import type { Ops } from './ops';
import { edgeOf, fullEdge, term, type Term } from './terms';

/** How a kernel is lowered; one term for each of the kernel's outputs. Throws NotCompilableError by `refuse`. */
export type Lowering = (kernel: Kernel) => Term | readonly Term[];
export type Lowerings = Readonly<Record<string, Lowering>>;

/** One kernel call while it is lowered: its inputs as terms. */
export class Kernel extends CallReader {
  constructor(readonly g: Ops, call: KernelCall, readonly inputs: readonly Term[]) { super(call); }

  /** An input by its name. */
  term(name: string): Term { return this.optional(name) ?? this.refuse(`its input ${name} is missing`); }
  optional(name: string): Term | undefined { return this.inputs[this.call.inputNames.indexOf(name)]; }
  /** An input's values, in a shape that broadcasts to its own. */
  edge(name: string): Edge { return edgeOf(this.g, this.term(name)); }
  /** An input's values in its own shape. */
  full(name: string): Edge { return fullEdge(this.g, this.term(name)); }

  /** The first output: `factor` times `edge`. */
  made(edge: Edge, factor = 1): Term { return term(this.g, edge, this.shape, factor); }
}

import { CallReader } from '../../compiled/callReader';
import type { KernelCall } from '../../compiled/graph';
import { range, type Shape } from '../../compiled/lower/shapes';
import type { TfEdge, TfGraph } from './builder';
import type { TfAttributes } from './savedModel';

/** How a kernel becomes TensorFlow operations; one edge for each of the kernel's outputs. Throws NotCompilableError by `refuse`. */
export type TfLowering = (kernel: TfKernel) => TfEdge | readonly TfEdge[];
export type TfLowerings = Readonly<Record<string, TfLowering>>;

/** One kernel call on its way into a TensorFlow graph. */
export class TfKernel extends CallReader {
  constructor(readonly g: TfGraph, call: KernelCall, readonly inputs: readonly TfEdge[]) { super(call); }

  /** An input by its name. */
  in(name: string): TfEdge { return this.optional(name) ?? this.refuse(`its input ${name} is missing`); }
  optional(name: string): TfEdge | undefined { return this.inputs[this.call.inputNames.indexOf(name)]; }
  /** The only input, whatever its name. */
  get x(): TfEdge { return this.inputs[0] ?? this.refuse('its input is missing'); }
  /** An input as float32, which some operations want whatever they are given. */
  floating(name: string): TfEdge { return this.g.cast(this.in(name), 'float32'); }

  /** An operation of tensors of one type, T, with the kernel's shape. */
  typed(operation: string, inputs: readonly TfEdge[], attributes: TfAttributes = {}): TfEdge { return this.g.typed(operation, inputs, this.shape, attributes); }
  /** An axis, counted from the start. */
  axis(name: string, rank: number): number {
    const axis = this.number(name, 0);
    return axis < 0 ? axis + rank : axis;
  }
  /** The axes a kernel reduces; Max names them differently from the others. None given: all. */
  reduced(): Shape {
    const rank = this.x.shape.length;
    const name = ['reductionIndices', 'axis'].find((one) => this.has(one));
    return name ? this.numbers(name).map((axis) => (axis < 0 ? axis + rank : axis)) : range(rank);
  }
}

export const flag = (bool: boolean) => ({ bool });
export const int32 = { type: 'int32' } as const;

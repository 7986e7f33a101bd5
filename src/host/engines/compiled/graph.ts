/**
 * What a trace leaves and a lowering takes: TensorFlow.js kernels over abstract tensors, in the order they were called.
 * Plain data; knows neither TensorFlow.js nor what it is lowered to.
 */
export type DType = 'float32' | 'int32' | 'bool';

/** A tensor without values. */
export interface Value {
  /** Unique within a graph. */
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A value known while tracing. int32 as Int32Array, bool as Uint8Array of 0 and 1. */
export interface Constant { readonly value: Value; readonly data: Float32Array | Int32Array | Uint8Array }

/** One kernel call. */
export interface KernelCall {
  /** TensorFlow.js's name, such as `BatchMatMul`. */
  readonly kernel: string;
  /** In the kernel's own order of inputs (`inputNames` says which is which, as kernels name them: `a`, `b`, `x`, `dy`, ...). */
  readonly inputs: readonly Value[];
  readonly inputNames: readonly string[];
  /** As TensorFlow.js passes them, tensors left out. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly Value[];
  /** A line of the person's file, as `file:line`, where the stack at the call shows one. */
  readonly madeAt?: string;
}

export interface NamedValue { readonly name: string; readonly value: Value }

export interface Graph {
  /** What is given at each call, under the caller's names. */
  readonly inputs: readonly NamedValue[];
  readonly constants: readonly Constant[];
  /** In an order in which every input is made before it is used. */
  readonly calls: readonly KernelCall[];
  /** What is asked for. One value may have several names, and may be an input or a constant. */
  readonly outputs: readonly NamedValue[];
}

/** A graph holds something that cannot be compiled. The message is a sentence naming the kernel or the reason, and the person's line where it is known. */
export class NotCompilableError extends Error {
  constructor(message: string, readonly madeAt?: string) { super(message); }
}

/** The calls from which an output follows. */
export function neededCalls(graph: Graph): KernelCall[] {
  const ids = new Set(graph.outputs.map(({ value }) => value.id));
  return [...graph.calls].reverse().filter((call) => {
    if (!call.outputs.some(({ id }) => ids.has(id))) return false;
    call.inputs.forEach(({ id }) => ids.add(id));
    return true;
  }).reverse();
}

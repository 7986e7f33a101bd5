import { tensorflowKernels } from '../tensorflow/graph/kernels/index';
import { NotCompilableError, type KernelCall } from './graph';
import type { TfLowering } from '../tensorflow/graph/kernel';
import type { Lowering } from './lower/kernel';
import { onnxKernels } from './lower/kernels/index';

interface LoweringOf { readonly onnxruntime: Lowering; readonly TensorFlow: TfLowering }
export type Target = keyof LoweringOf;
/**
 * What traced kernels are lowered to. A kernel has an entry in each table, and its cases in the operator matrix run on every target; where it has none, that
 * target alone refuses it.
 */
const tables: { readonly [T in Target]: ReadonlyMap<string, LoweringOf[T]> } = { onnxruntime: new Map(Object.entries(onnxKernels)), TensorFlow: new Map(Object.entries(tensorflowKernels)) };

/** @throws NotCompilableError where the target has no entry for the kernel */
export function loweringFor<T extends Target>(target: T, { kernel, madeAt }: KernelCall): LoweringOf[T] {
  const lowering = tables[target].get(kernel);
  if (lowering) return lowering;
  const known = Object.values(tables).some((table) => table.has(kernel));
  throw new NotCompilableError(known ? `The operation ${kernel} cannot be compiled for ${target}.` : `The operation ${kernel} cannot be compiled.`, madeAt);
}

/** The kernels that can be compiled for a target. */
export const kernelsFor = (target: Target): string[] => [...tables[target].keys()].sort();

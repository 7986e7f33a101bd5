import type { TfEdge, TfGraph } from './builder';

const constant = (g: TfGraph, operation: string, a: TfEdge, b: number): TfEdge => g.typed(operation, [a, g.scalar(b)], a.shape);

/** The L2 norm of each tensor, a vector, and of all together, a scalar. */
export function norms(g: TfGraph, tensors: readonly TfEdge[]): { readonly each: TfEdge; readonly all: TfEdge } {
  const halves = pack(g, tensors.map((tensor) => g.typed('L2Loss', [tensor], [])));
  const root = (x: TfEdge): TfEdge => g.typed('Sqrt', [constant(g, 'Mul', x, 2)], x.shape);
  return { each: root(halves), all: root(g.typed('Sum', [halves, g.vector([0])], [], { Tidx: { type: 'int32' } })) };
}

/** What gradients of this norm are multiplied by, as PyTorch's clip_grad_norm_ does: at most 1. */
export function clipFactor(g: TfGraph, norm: TfEdge, maxNorm: number): TfEdge {
  return constant(g, 'Minimum', g.typed('RealDiv', [g.scalar(maxNorm), constant(g, 'AddV2', norm, 1e-6)], []), 1);
}

/** Scalars as one vector. */
export const pack = (g: TfGraph, scalars: readonly TfEdge[]): TfEdge => g.typed('Pack', scalars, [scalars.length], { N: { int: scalars.length } });

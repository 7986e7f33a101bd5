import { live, type BuiltNode, type Edge } from './builder';
import { withoutLeadingOnes } from './shapes';
import { sizeOf } from '../../sizeOf';

/**
 * Moves what only a matrix product feeds into that product: a number times it becomes Gemm's alpha, what is added to it Gemm's C, so that neither
 * takes a pass of its own. Reshapes between them do not count. `numberOf` gives a constant's one value.
 */
export function fuse(nodes: readonly BuiltNode[], wanted: ReadonlySet<string>, numberOf: (edge: Edge) => number | undefined): BuiltNode[] {
  const uses = new Map<string, number>([...wanted].map((name) => [name, 1]));
  for (const name of nodes.flatMap((node) => node.inputs)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const makers = new Map<string, BuiltNode>();
  const result = nodes.map((node) => {
    const fused = fusedNode(node, (edge) => (uses.get(edge.name) === 1 ? makers.get(edge.name) : undefined), numberOf);
    for (const edge of fused.to) makers.set(edge.name, fused);
    return fused;
  });
  return live(result, wanted);
}

function fusedNode(node: BuiltNode, onlyUse: (edge: Edge) => BuiltNode | undefined, numberOf: (edge: Edge) => number | undefined): BuiltNode {
  const [first, second] = node.from;
  const [to] = node.to;
  if (!first || !to) return node;
  const pairs: [Edge, Edge | undefined][] = [[first, second], ...(second ? [[second, first] as [Edge, Edge]] : [])];
  if (node.operator === 'Neg') return scaled(onlyUse(first), -1, to) ?? node;
  if (node.operator === 'Mul') {
    for (const [product, other] of pairs) {
      const number = other && sizeOf(other.shape) === 1 ? numberOf(other) : undefined;
      const fused = number === undefined ? undefined : scaled(onlyUse(product), number, to);
      if (fused) return fused;
    }
  }
  if (node.operator === 'Add') {
    for (const [product, other] of pairs) {
      const gemm = onlyUse(product);
      if (!other || gemm?.operator !== 'Gemm' || gemm.from.length > 2) continue;
      const added = withoutLeadingOnes(other.shape);
      if (added.length <= 1 && (added.length === 0 || added[0] === to.shape[1])) return { ...gemm, from: [...gemm.from, other], inputs: [...gemm.inputs, other.name], to: [to], outputs: [to.name] };
    }
  }
  return node;
}

function scaled(maker: BuiltNode | undefined, factor: number, to: Edge): BuiltNode | undefined {
  if (maker?.operator !== 'Gemm' && maker?.operator !== 'FusedMatMul') return undefined;
  const by = (name: 'alpha' | 'beta') => {
    const before = maker.attributes[name];
    return { [name]: { float: (before && 'float' in before ? before.float : 1) * factor } };
  };
  const attributes = { ...maker.attributes, ...by('alpha'), ...(maker.from.length > 2 ? by('beta') : {}) };
  return { ...maker, attributes, to: [to], outputs: [to.name] };
}

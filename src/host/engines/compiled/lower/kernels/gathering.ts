import type { Edge } from '../builder';
import type { Kernel, Lowerings } from '../kernel';
import { axesOf, range } from '../shapes';
import { fullEdge, wideEdge, type Term } from '../terms';
import { sizeOf } from '../../../sizeOf';

function gathered(k: Kernel): Term {
  const { g } = k;
  const x = k.term('x');
  const indices = k.full('indices');
  const [axis = 0] = axesOf([k.number('axis', 0)], x.shape.length);
  const batchAxes = k.number('batchDims', 0);
  if (batchAxes === 0) return k.made(g.gather(wideEdge(g, x), indices, axis), x.factor);
  if (axis !== batchAxes) k.refuse('it gathers along an axis behind its batches');
  const [batch, count] = [sizeOf(x.shape.slice(0, axis)), x.shape[axis] ?? 1];
  const first = g.vector(range(batch).map((b) => b * count), 'int32', [batch, 1]);
  const numbers = g.add(g.reshape(indices, [batch, sizeOf(indices.shape) / batch]), first);
  const rows = g.reshape(wideEdge(g, x), [batch * count, ...x.shape.slice(axis + 1)]);
  return k.made(g.reshape(g.gather(rows, numbers, 0), k.shape), x.factor);
}

/** Noughts to which `updates` are added at `indices` [..., depth]. */
function scattered(k: Kernel, indices: Edge, updates: Edge): Edge {
  const zeros = k.g.expand(k.g.scalar(0, updates.type), k.shape);
  return k.g.node('ScatterND', [zeros, k.g.cast(indices, 'int64'), updates], updates.type, k.shape, { reduction: { string: 'add' } });
}

/** Axes apart, moved, and joined again. */
function rearranged(k: Kernel, x: Term, apart: readonly number[], perm: readonly number[], joined: readonly number[]): Edge {
  return k.g.reshape(k.g.transpose(k.g.reshape(wideEdge(k.g, x), apart), perm), joined);
}

export const gathering: Lowerings = {
  GatherV2: gathered,
  GatherNd: (k) => k.made(k.g.node('GatherND', [wideEdge(k.g, k.term('params')), k.g.cast(k.full('indices'), 'int64')], k.type, k.shape), k.term('params').factor),
  ScatterNd: (k) => k.made(scattered(k, k.full('indices'), wideEdge(k.g, k.term('updates'))), k.term('updates').factor),
  Diag: (k) => {
    const { g } = k;
    const x = k.full('x');
    const count = sizeOf(x.shape);
    const places = g.vector(range(count), 'int32');
    const onDiagonal = g.compare('Equal', places, g.reshape(places, [count, 1]));
    return k.made(g.reshape(g.where(onDiagonal, g.reshape(x, [count]), g.scalar(0, x.type)), k.shape));
  },
  TensorScatterUpdate: (k) => k.made(k.g.node('ScatterND', [k.full('tensor'), k.g.cast(k.full('indices'), 'int64'), k.full('updates')], k.type, k.shape)),
  UnsortedSegmentSum: (k) => {
    const [x, ids] = [k.term('x'), k.full('segmentIds')];
    return k.made(scattered(k, k.g.reshape(ids, [...ids.shape, 1]), wideEdge(k.g, x)), x.factor);
  },
  OneHot: (k) => {
    const { g } = k;
    const indices = k.full('indices');
    const [on, off] = [k.number('onValue', 1), k.number('offValue', 0)];
    const hit = g.compare('Equal', g.reshape(indices, [...indices.shape, 1]), g.vector(range(k.number('depth')), 'int32'));
    return k.made(g.where(hit, g.scalar(on, k.type), g.scalar(off, k.type)));
  },
  TopK: (k) => {
    const [values, indices] = k.call.outputs;
    if (!values || !indices) return k.refuse('it has not two outputs');
    const made = [{ type: values.dtype, shape: values.shape }, { type: 'int64', shape: indices.shape }] as const;
    const [first, second] = k.g.nodes('TopK', [fullEdge(k.g, k.term('x')), k.g.vector([k.number('k')], 'int64')], made, { axis: { int: -1 } });
    return first && second ? [{ edge: first, factor: 1, shape: values.shape }, { edge: k.g.cast(second, 'int32'), factor: 1, shape: indices.shape }] : k.refuse('it has not two outputs');
  },
  Einsum: (k) => k.made(k.g.node('Einsum', k.inputs.map((x) => fullEdge(k.g, x)), k.type, k.shape, { equation: { string: k.text('equation') } })),
  DepthToSpace: (k) => {
    const x = k.term('x');
    const by = k.number('blockSize');
    const [batch = 1, height = 1, width = 1, depth = 1] = x.shape;
    if (k.text('dataFormat', 'NHWC') !== 'NHWC') k.refuse('its channels come first');
    return k.made(rearranged(k, x, [batch, height, width, by, by, depth / (by * by)], [0, 1, 3, 2, 4, 5], k.shape), x.factor);
  },
  BatchToSpaceND: (k) => {
    const x = k.term('x');
    const block = k.numbers('blockShape');
    const crops = k.pairs('crops');
    const [batch = 1, ...sizes] = x.shape;
    const count = block.length;
    const rest = sizes.slice(count);
    const perm = [count, ...block.flatMap((_, i) => [count + 1 + i, i]), ...rest.map((_, i) => 1 + 2 * count + i)];
    const whole = rearranged(k, x, [...block, batch / sizeOf(block), ...sizes], perm, [batch / sizeOf(block), ...block.map((by, i) => by * (sizes[i] ?? 1)), ...rest]);
    const axes = range(count).map((i) => i + 1);
    return k.made(k.g.slice(whole, axes, crops.map(([before]) => before), crops.map(([, after], i) => (whole.shape[i + 1] ?? 1) - after)), x.factor);
  },
  SpaceToBatchND: (k) => {
    const { g } = k;
    const x = k.term('x');
    const block = k.numbers('blockShape');
    const count = block.length;
    let edge = wideEdge(g, x);
    k.pairs('paddings').forEach(([before, after], i) => {
      const zeros = (size: number): Edge[] => (size ? [g.expand(g.scalar(0, edge.type), edge.shape.map((all, axis) => (axis === i + 1 ? size : all)))] : []);
      edge = g.concat([...zeros(before), edge, ...zeros(after)], i + 1);
    });
    const [batch = 1, ...sizes] = edge.shape;
    const rest = sizes.slice(count);
    const apart = [batch, ...block.flatMap((by, i) => [(sizes[i] ?? 1) / by, by]), ...rest];
    const perm = [...block.map((_, i) => 2 + 2 * i), 0, ...block.map((_, i) => 1 + 2 * i), ...rest.map((_, i) => 1 + 2 * count + i)];
    return k.made(g.reshape(g.transpose(g.reshape(edge, apart), perm), k.shape), x.factor);
  },
};

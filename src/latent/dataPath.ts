import { nearest } from './neighbours';
import { norm, rowOf, rowsOf } from './paths';

/** Examples that the way may lead over; more are thinned. */
const NODES = 2000;
/** Each is joined with so many of its nearest. */
const JOINED = 10;

/**
 * A way that follows the data: over examples, through `through` [k, size], with the least sum of squared hops, so that many short hops through crowded places are
 * cheaper than one leap over an empty one (Bousquet, Chapelle & Hein 2003). Then `steps` places at even distances on it: [steps, size]. Straight where no hops lead on.
 */
export function pathAlongData(data: Float32Array, size: number, through: Float32Array, steps: number): Float32Array {
  const stops = through.length / size;
  const count = data.length / size;
  const shown = Math.min(NODES, count);
  const chosen = Array.from({ length: shown }, (_, i) => rowOf(data, size, Math.floor(i * count / shown)));
  const nodes = rowsOf([...chosen, ...Array.from({ length: stops }, (_, i) => rowOf(through, size, i))]);
  const total = shown + stops;
  const edges = joined(nodes, size, total);
  const way = [shown];
  for (let stop = 1; stop < stops; stop++) way.push(...shortest(edges, total, shown + stop - 1, shown + stop).slice(1));
  return evenly(way.map((node) => rowOf(nodes, size, node)), size, steps);
}

type Edges = readonly (readonly (readonly [node: number, cost: number])[])[];
function joined(nodes: Float32Array, size: number, total: number): Edges {
  const kept = Math.min(JOINED + 1, total);
  const { indices, distances } = nearest(nodes, size, nodes, kept);
  const edges: [number, number][][] = Array.from({ length: total }, () => []);
  for (let node = 0; node < total; node++) {
    for (let j = 0; j < kept; j++) {
      const other = indices[node * kept + j] ?? node;
      const cost = (distances[node * kept + j] ?? 0) ** 2;
      if (other === node) continue;
      edges[node]?.push([other, cost]);
      edges[other]?.push([node, cost]);
    }
  }
  return edges;
}

/** Dijkstra 1959 without a heap, which some two thousand nodes do not need. The two ends alone where nothing joins them. */
function shortest(edges: Edges, total: number, from: number, to: number): number[] {
  const costs = new Float64Array(total).fill(Infinity);
  const before = new Int32Array(total).fill(-1);
  const done = new Uint8Array(total);
  costs[from] = 0;
  for (;;) {
    let node = -1;
    for (let i = 0; i < total; i++) if (!done[i] && (costs[i] ?? Infinity) < (node < 0 ? Infinity : costs[node] ?? Infinity)) node = i;
    if (node < 0) return [from, to];
    if (node === to) break;
    done[node] = 1;
    for (const [other, cost] of edges[node] ?? []) {
      const sum = (costs[node] ?? 0) + cost;
      if (sum >= (costs[other] ?? Infinity)) continue;
      costs[other] = sum;
      before[other] = node;
    }
  }
  const way = [to];
  for (let node = to; node !== from; node = before[node] ?? from) way.unshift(before[node] ?? from);
  return way;
}

/** `steps` places at even distances on a polyline, ends included. */
function evenly(corners: readonly Float32Array[], size: number, steps: number): Float32Array {
  const lengths = corners.slice(1).map((corner, i) => norm(corner.map((value, d) => value - (corners[i]?.[d] ?? 0))));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const path = new Float32Array(steps * size);
  let stretch = 0;
  let passed = 0;
  for (let s = 0; s < steps; s++) {
    const at = whole * s / (steps - 1);
    while (stretch < lengths.length - 1 && passed + (lengths[stretch] ?? 0) < at) passed += lengths[stretch++] ?? 0;
    const length = lengths[stretch] ?? 0;
    const t = length > 0 ? Math.min(1, (at - passed) / length) : 0;
    for (let d = 0; d < size; d++) path[s * size + d] = (1 - t) * (corners[stretch]?.[d] ?? 0) + t * (corners[stretch + 1]?.[d] ?? corners[stretch]?.[d] ?? 0);
  }
  return path;
}

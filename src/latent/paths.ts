import type { PathKind } from '../spec/latentItem';

export const norm = (z: ArrayLike<number>): number => Math.sqrt(dot(z, z));
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] ?? 0) * (b[d] ?? 0);
  return sum;
}
/** The `index`-th row of [n, size], its numbers not copied. */
export const rowOf = (rows: Float32Array, size: number, index: number): Float32Array => rows.subarray(index * size, (index + 1) * size);
/** Rows of one length as one array, [n, size]. */
export const rowsOf = (rows: readonly ArrayLike<number>[]): Float32Array => Float32Array.from(rows.flatMap((row) => Array.from(row)));

/** Weights of two places at `t` from 0 to 1. */
type Blend = (a: Float32Array, b: Float32Array, t: number) => readonly [number, number];
const line: Blend = (_a, _b, t) => [1 - t, t];
/** Opposite or equal directions, and the middle of the space, have no great circle of their own. */
const SMALL = 1e-6;

/** Spherical interpolation of the direction (Shoemake 1985), the norm changing evenly; straight where no great circle is. */
const greatCircle: Blend = (a, b, t) => {
  const [from, to] = [norm(a), norm(b)];
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(a, b) / (from * to))));
  if (!(from > SMALL && to > SMALL) || !(Math.sin(angle) > SMALL)) return line(a, b, t);
  const length = (1 - t) * from + t * to;
  return [length * Math.sin((1 - t) * angle) / (Math.sin(angle) * from), length * Math.sin(t * angle) / (Math.sin(angle) * to)];
};
const blends: { readonly [K in PathKind]: Blend } = { line, greatCircle };

/** `steps` places on the way through `through` [k, size], ends included, as many on each stretch: [steps, size]. */
export function pathThrough(through: Float32Array, size: number, steps: number, along: PathKind): Float32Array {
  const stretches = through.length / size - 1;
  const path = new Float32Array(steps * size);
  for (let s = 0; s < steps; s++) {
    const at = steps === 1 ? 0 : s / (steps - 1) * stretches;
    const stretch = Math.max(0, Math.min(stretches - 1, Math.floor(at)));
    const [a, b] = [rowOf(through, size, stretch), rowOf(through, size, Math.min(stretch + 1, stretches))];
    const [left, right] = blends[along](a, b, at - stretch);
    for (let d = 0; d < size; d++) path[s * size + d] = left * (a[d] ?? 0) + right * (b[d] ?? 0);
  }
  return path;
}

/** `from + strength * direction`, one row a strength: [strengths, size]. */
export function alongDirection(from: ArrayLike<number>, direction: ArrayLike<number>, strengths: readonly number[]): Float32Array {
  return rowsOf(strengths.map((strength) => Array.from(from, (value, d) => value + strength * (direction[d] ?? 0))));
}

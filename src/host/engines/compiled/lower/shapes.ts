export type Shape = readonly number[];

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((size, axis) => size === b[axis]);
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** Negative axes count from the end. */
export const axesOf = (axes: Shape, rank: number): number[] => axes.map((axis) => (axis < 0 ? axis + rank : axis));
/** `shape` with ones in front, `rank` numbers in all. */
export const padded = (shape: Shape, rank: number): number[] => [...Array.from({ length: rank - shape.length }, () => 1), ...shape];
/** What is left of `shape` without its leading ones. */
export const withoutLeadingOnes = (shape: Shape): number[] => {
  const first = shape.findIndex((size) => size !== 1);
  return first < 0 ? [] : shape.slice(first);
};

/** The shape that all given ones broadcast to, aligned at the right as in NumPy. They are taken to fit. */
export function broadcast(...shapes: Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const all = shapes.map((shape) => padded(shape, rank));
  return range(rank).map((axis) => all.map((shape) => shape[axis] ?? 1).find((size) => size !== 1) ?? 1);
}

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** The groups of axes of `from` and `to`, first to last, that hold the same number of elements: how a reshape joins and splits axes. */
export function matchedAxes(from: Shape, to: Shape): { from: number[]; to: number[] }[] {
  const groups: { from: number[]; to: number[] }[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    const group = { from: [] as number[], to: [] as number[] };
    let [a, b] = [1, 1];
    do {
      if (j >= to.length || (i < from.length && a <= b)) {
        a *= from[i] ?? 1;
        group.from.push(i++);
      } else {
        b *= to[j] ?? 1;
        group.to.push(j++);
      }
    } while (a !== b && (i < from.length || j < to.length));
    groups.push(group);
  }
  return groups;
}

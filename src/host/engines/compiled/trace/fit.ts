/** y = scale * x + shift. */
export interface Line { readonly scale: number; readonly shift: number }
interface Points { readonly base: ArrayLike<number>; readonly values: ArrayLike<number> }

/** float32 keeps seven digits or so of what was computed: of one value, and of a line through many. */
const TOLERANCE = 1e-6;
const LINE_TOLERANCE = 2e-7;

/** The line through all points; undefined where they lie on none. */
export function fit(parts: readonly Points[]): Line | undefined {
  const [x, y] = [parts.flatMap(({ base }) => Array.from(base)), parts.flatMap(({ values }) => Array.from(values))];
  const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xx, xy, largest] = [0, 0, 0];
  x.forEach((xi, i) => {
    const yi = y[i] ?? NaN;
    xx += (xi - mx) ** 2;
    xy += (xi - mx) * (yi - my);
    largest = Math.max(largest, Math.abs(yi));
  });
  const slope = xx > 0 ? xy / xx : 0;
  const scale = shortest(slope, Math.max(Math.abs(slope), largest));
  const shift = shortest(my - scale * mx, Math.max(largest, Math.abs(scale)));
  const within = TOLERANCE * Math.max(largest, Math.abs(scale), Number.MIN_VALUE);
  return x.every((xi, i) => Math.abs(scale * xi + shift - (y[i] ?? NaN)) <= 4 * within) ? { scale, shift } : undefined;
}

/** The number of fewest digits that is as good among numbers of this size: 0.1 rather than 0.10000000149. */
function shortest(number: number, size: number): number {
  if (Math.abs(number) <= LINE_TOLERANCE * size) return 0;
  for (let digits = 1; digits < 8; digits++) {
    const candidate = Number(number.toPrecision(digits));
    if (Math.abs(candidate - number) <= LINE_TOLERANCE * size) return candidate;
  }
  return number;
}

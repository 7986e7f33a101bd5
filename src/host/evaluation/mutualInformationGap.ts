/** Bins of a code, of equal width (Locatello et al. 2019), and of a factor of more values than that, of equal count. */
export const CODE_BINS = 20;
export const FACTOR_BINS = 10;

/** The number of the bin of each value, between the least and the greatest. */
export function equalWidthBins(values: ArrayLike<number>, bins: number): Int32Array {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i] ?? NaN);
    high = Math.max(high, values[i] ?? NaN);
  }
  const width = (high - low) / bins || 1;
  return Int32Array.from({ length: values.length }, (_, i) => Math.min(bins - 1, Math.floor(((values[i] ?? 0) - low) / width)));
}

/** The values numbered, or, where there are more than `bins`, in as many classes of equal count. */
export function classesOfFactor(values: ArrayLike<number>, bins: number): Int32Array {
  const sorted = Float64Array.from(values).sort();
  const different = [...new Set(sorted)];
  const edges = different.length <= bins ? different.slice(1) : Array.from({ length: bins - 1 }, (_, b) => sorted[Math.floor((b + 1) * sorted.length / bins)] ?? 0);
  return Int32Array.from({ length: values.length }, (_, i) => edges.reduce((bin, edge) => bin + ((values[i] ?? 0) >= edge ? 1 : 0), 0));
}

/** Entropy in nats of numbered classes, by their frequencies, and how many there are. */
function entropyOf(classes: Int32Array): { entropy: number; kinds: number } {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= count / classes.length * Math.log(count / classes.length);
  return { entropy, kinds: counts.size };
}

/** I(a; b) in nats of numbered classes: entropies by frequencies, each corrected to first order for the finite sample (Miller 1955), and never below 0. */
export function mutualInformation(a: Int32Array, b: Int32Array): number {
  const both = a.map((value, i) => value * 65_536 + (b[i] ?? 0));
  const corrected = (classes: Int32Array): number => {
    const { entropy, kinds } = entropyOf(classes);
    return entropy + (kinds - 1) / (2 * classes.length);
  };
  return Math.max(0, corrected(a) + corrected(b) - corrected(both));
}

/**
 * How much better the code that knows most of a factor knows it than the second does, in shares of the factor's entropy, and the mean over factors (Chen et al. 2018, eq. 6): 1 where each
 * factor has one code that holds all of it and no other holds any. Codes [n, latentDim] are posterior means, in bins. A factor that is always the same is left out.
 */
export function mutualInformationGap(codes: Float32Array, latentDim: number, factors: Float32Array, names: readonly string[]): { value: number; parts: Record<string, number> } {
  const count = codes.length / latentDim;
  const column = (values: Float32Array, size: number, at: number): Float32Array => Float32Array.from({ length: count }, (_, i) => values[i * size + at] ?? 0);
  const binned = Array.from({ length: latentDim }, (_, d) => equalWidthBins(column(codes, latentDim, d), CODE_BINS));
  const parts: Record<string, number> = {};
  names.forEach((name, k) => {
    const classes = classesOfFactor(column(factors, names.length, k), FACTOR_BINS);
    const { entropy } = entropyOf(classes);
    if (entropy === 0) return;
    const [first = 0, second = 0] = binned.map((code) => mutualInformation(code, classes)).sort((x, y) => y - x);
    parts[name] = (first - second) / entropy;
  });
  const gaps = Object.values(parts);
  return { value: gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length), parts };
}

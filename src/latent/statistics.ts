/** KL(q(z_d|x) || N(0, 1)) of each dimension, averaged over the rows of `means` and `logVariances` [n, size]: [size], nats. */
export function klOfDimensions(means: Float32Array, logVariances: Float32Array, size: number): Float64Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < means.length; i++) {
    const [mean, logVariance] = [means[i] ?? 0, logVariances[i] ?? 0];
    sums[i % size] = (sums[i % size] ?? 0) + 0.5 * (mean * mean + Math.exp(logVariance) - logVariance - 1);
  }
  return sums.map((sum) => sum * size / Math.max(size, means.length));
}
/** Dimensions, the one with the most KL first. */
export const dimensionsByKl = (kl: Float64Array): number[] => Array.from(kl.keys()).sort((a, b) => (kl[b] ?? 0) - (kl[a] ?? 0));

/** The mean of the named rows of [n, size]. */
export function meanOf(rows: Float32Array, size: number, indices: ArrayLike<number>): Float32Array {
  const sums = new Float64Array(size);
  for (let i = 0; i < indices.length; i++) for (let d = 0; d < size; d++) sums[d] = (sums[d] ?? 0) + (rows[(indices[i] ?? 0) * size + d] ?? 0);
  return Float32Array.from(sums, (sum) => sum / Math.max(1, indices.length));
}

/** Of a point, which has no deviation: it falls into one bin. */
const NARROWEST = 1e-9;

/**
 * The aggregate posterior of one dimension, the mixture of all q(z_d|x), as its share in each of `bins` of equal width from `low` to `high`. By each
 * Gaussian's own share, so that narrow posteriors are not seen as wide ones. Of more than `most` rows, every so manieth.
 */
export function aggregatePosterior(means: Float32Array, logVariances: Float32Array, size: number, dimension: number, low: number, high: number, bins: number, most = 2000): Float64Array {
  const shares = new Float64Array(bins);
  const count = means.length / size;
  const stride = Math.max(1, Math.ceil(count / most));
  let seen = 0;
  for (let i = 0; i < count; i += stride, seen++) {
    const mean = means[i * size + dimension] ?? 0;
    const deviation = Math.max(NARROWEST, Math.exp(0.5 * (logVariances[i * size + dimension] ?? 0)));
    let below = gaussianBelow((low - mean) / deviation);
    for (let bin = 0; bin < bins; bin++) {
      const next = gaussianBelow((low + (bin + 1) * (high - low) / bins - mean) / deviation);
      shares[bin] = (shares[bin] ?? 0) + next - below;
      below = next;
    }
  }
  return shares.map((share) => share / Math.max(1, seen));
}

/** P(x < z) for x ~ N(0, 1), to 1e-7 (Abramowitz & Stegun 7.1.26). */
export function gaussianBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const erf = 1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return z < 0 ? 0.5 * (1 - erf) : 0.5 * (1 + erf);
}

/** z with P(x < z) = `share` for x ~ N(0, 1), found by halving. */
export function gaussianQuantile(share: number): number {
  let [low, high] = [-8, 8];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (gaussianBelow(middle) < share) low = middle; else high = middle;
  }
  return (low + high) / 2;
}

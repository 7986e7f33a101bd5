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

/** Of each dimension of the rows [n, size]: [size]. */
export function variances(rows: Float32Array, size: number): Float64Array {
  const count = Math.max(1, rows.length / size);
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  for (let i = 0; i < rows.length; i++) {
    sums[i % size] = (sums[i % size] ?? 0) + (rows[i] ?? 0);
    squares[i % size] = (squares[i % size] ?? 0) + (rows[i] ?? 0) ** 2;
  }
  return sums.map((sum, d) => (squares[d] ?? 0) / count - (sum / count) ** 2);
}

/**
 * The aggregate posterior of one dimension, the mixture of all q(z_d|x), as its share between each two of `edges`. By each Gaussian's own share, so that narrow posteriors are not seen as wide ones. Of more
 * than `most` rows, every so manieth.
 */
export function aggregateShares(means: Float32Array, logVariances: Float32Array, size: number, dimension: number, edges: Float64Array, most = 2000): Float64Array {
  const shares = new Float64Array(edges.length - 1);
  const count = means.length / size;
  const stride = Math.max(1, Math.ceil(count / most));
  let seen = 0;
  for (let i = 0; i < count; i += stride, seen++) {
    const mean = means[i * size + dimension] ?? 0;
    const deviation = Math.max(NARROWEST, Math.exp(0.5 * (logVariances[i * size + dimension] ?? 0)));
    let below = gaussianBelow(((edges[0] ?? 0) - mean) / deviation);
    for (let bin = 0; bin < shares.length; bin++) {
      const next = gaussianBelow(((edges[bin + 1] ?? 0) - mean) / deviation);
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

/** z with P(x < z) = `share` for x ~ N(0, 1); infinite at 0 and 1. To 1e-9 of its size (Acklam 2003, "An algorithm for computing the inverse normal cumulative distribution function"). */
export function gaussianQuantile(share: number): number {
  if (share > 0.5) return -gaussianQuantile(1 - share);
  if (share <= 0) return -Infinity;
  if (share < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(share));
    return (((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
      / ((((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
  }
  const q = share - 0.5;
  const r = q * q;
  return (((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.383577518672690e2) * r - 3.066479806614716e1) * r + 2.506628277459239) * q
    / (((((-5.447609879822406e1 * r + 1.615858368579770e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r - 1.328068155288572e1) * r + 1);
}

/** A dimension is used where its posterior mean varies by more than this over the data (Burda et al. 2016, section 5.2). */
const ACTIVE_VARIANCE = 0.01;

/** Which dimensions are used, by the variance over the rows of `means` [n, size]: [size]. */
export function activeDimensions(means: Float32Array, size: number): boolean[] {
  const count = means.length / size;
  return Array.from({ length: size }, (_, d) => {
    let [sum, squares] = [0, 0];
    for (let i = d; i < means.length; i += size) {
      sum += means[i] ?? 0;
      squares += (means[i] ?? 0) ** 2;
    }
    return squares / count - (sum / count) ** 2 > ACTIVE_VARIANCE;
  });
}

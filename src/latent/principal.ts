import { PCA } from 'ml-pca';
import { dot, rowOf } from './paths';

/** A plane through the data's mean: `axes` [2, size] are orthonormal. */
export interface Plane { readonly mean: Float32Array; readonly axes: Float32Array; /** Of the variance, what each axis holds. */ readonly explained: [number, number] }

/** The plane of the two directions of most variance, by the covariance's eigenvectors. `like`: an earlier plane, whose signs are kept, so that a map does not flip while a model trains. */
export function principalPlane(data: Float32Array, size: number, like?: Plane): Plane {
  const count = data.length / size;
  const mean = new Float32Array(size);
  for (let i = 0; i < data.length; i++) mean[i % size] = (mean[i % size] ?? 0) + (data[i] ?? 0) / count;
  if (size === 1) return { mean, axes: Float32Array.of(1, 0), explained: [1, 0] };
  const covariance = Array.from({ length: size }, () => new Float64Array(size));
  const row = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < size; d++) row[d] = (data[i * size + d] ?? 0) - (mean[d] ?? 0);
    for (let a = 0; a < size; a++) {
      const [values, factor] = [covariance[a], row[a] ?? 0];
      if (values) for (let b = 0; b <= a; b++) values[b] = (values[b] ?? 0) + factor * (row[b] ?? 0) / count;
    }
  }
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) (covariance[b] ?? row)[a] = covariance[a]?.[b] ?? 0;
  const pca = new PCA(covariance.map((values) => Array.from(values)), { isCovarianceMatrix: true });
  const vectors = pca.getEigenvectors();
  const [first = 0, second = 0] = pca.getExplainedVariance();
  const axes = Float32Array.from([...vectors.getColumn(0), ...vectors.getColumn(1)]);
  for (const axis of [0, 1] as const) {
    const own = rowOf(axes, size, axis);
    const wanted = like && like.axes.length === axes.length ? dot(own, rowOf(like.axes, size, axis)) : own.reduce((sum, value) => (Math.abs(value) > Math.abs(sum) ? value : sum), 0);
    if (wanted < 0) own.forEach((value, d) => { own[d] = -value; });
  }
  return { mean, axes, explained: [first || 0, second || 0] };
}

/** Places on a plane: [n, size] to [n, 2]. */
export function project(data: Float32Array, size: number, { mean, axes }: Plane): Float32Array {
  const count = data.length / size;
  const places = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    let [x, y] = [0, 0];
    for (let d = 0; d < size; d++) {
      const value = (data[i * size + d] ?? 0) - (mean[d] ?? 0);
      x += value * (axes[d] ?? 0);
      y += value * (axes[size + d] ?? 0);
    }
    places[2 * i] = x;
    places[2 * i + 1] = y;
  }
  return places;
}

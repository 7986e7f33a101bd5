import { nearest } from '../../latent/neighbours';
import { sizeOf } from '../engines/sizeOf';
import type { Subject } from './subject';

/** Training images looked at in one go. */
const PIECE = 500;

/** The training image nearest to each of `queries`, [n, pixels]: its number, its pixels, and the Euclidean distance. All are looked at, one piece after another. */
export async function nearestTraining({ dataset, exclusive, onProgress }: Pick<Subject, 'dataset' | 'exclusive' | 'onProgress'>, queries: Float32Array): Promise<{ training: Int32Array; distances: Float64Array; images: Float32Array }> {
  const size = sizeOf(dataset.imageShape);
  const count = queries.length / size;
  const found = { training: new Int32Array(count).fill(-1), distances: new Float64Array(count).fill(Infinity), images: new Float32Array(queries.length) };
  for (let from = 0; from < dataset.trainCount; from += PIECE) {
    onProgress(from / dataset.trainCount);
    const { data } = dataset.batch('train', Array.from({ length: Math.min(PIECE, dataset.trainCount - from) }, (_, i) => from + i));
    const { indices, distances } = await exclusive(() => Promise.resolve(nearest(data, size, queries, 1)));
    for (let q = 0; q < count; q++) {
      if (!((distances[q] ?? NaN) < (found.distances[q] ?? NaN))) continue;
      const index = indices[q] ?? 0;
      found.distances[q] = distances[q] ?? NaN;
      found.training[q] = from + index;
      found.images.set(data.subarray(index * size, (index + 1) * size), q * size);
    }
  }
  return found;
}

import * as tf from '@tensorflow/tfjs';

/** A grid of codes, each one of `codes`. */
export interface CodeGrid { readonly rows: number; readonly columns: number; readonly codes: number }
export interface PixelCnnSize { readonly filters: number; readonly layers: number }

interface WeightSpec { readonly shape: readonly number[]; /** Standard deviation; 0: zeros. */ readonly scale: number }
type Weights = (name: string) => tf.Tensor;

const he = (...shape: readonly number[]): WeightSpec => ({ shape, scale: Math.sqrt(2 / shape.slice(0, -1).reduce((a, b) => a * b, 1)) });
const zeros = (...shape: readonly number[]): WeightSpec => ({ shape, scale: 0 });

/**
 * The weights of a PixelCNN (van den Oord et al. 2016) by their names. As in its gated form, one stack sees the rows above a place and one what stands to the left of it, so that nothing before a
 * place is out of sight; what is hidden from each is kept out by shifting instead of masking (Salimans et al. 2017, section 2.2). Each place has a vector of its own as well.
 */
export function pixelCnnWeights({ rows, columns, codes }: CodeGrid, { filters, layers }: PixelCnnSize): Readonly<Record<string, WeightSpec>> {
  const each = Array.from({ length: layers }, (_, l) => ({
    [`${l}/above`]: he(2, 3, filters, filters), [`${l}/aboveBias`]: zeros(filters), [`${l}/left`]: he(1, 2, filters, filters), [`${l}/joined`]: he(1, 1, filters, filters), [`${l}/leftBias`]: zeros(filters),
    [`${l}/out`]: { ...he(1, 1, filters, filters), scale: 0.1 / Math.sqrt(filters) },
  }));
  return Object.assign({
    embedding: { shape: [codes, filters], scale: 1 }, above: he(2, 3, filters, filters), left: he(1, 2, filters, filters), places: zeros(rows, columns, filters),
    hidden: he(filters, filters), hiddenBias: zeros(filters), logits: { ...he(filters, codes), scale: 0.1 / Math.sqrt(filters) }, logitsBias: zeros(codes),
  }, ...each) as Record<string, WeightSpec>;
}

/** [n, rows, columns, channels] moved down by so many rows, with zeros to either side for a kernel of 3 columns: after a kernel of 2 rows, place (r, c) has seen rows r - down and r - down + 1. */
function fromAbove(x: tf.Tensor4D, down: 1 | 2, kernel: tf.Tensor): tf.Tensor4D {
  const [n, rows, columns, channels] = x.shape;
  return tf.conv2d(tf.slice(tf.pad(x, [[0, 0], [down, 0], [1, 1], [0, 0]]), [0, 0, 0, 0], [n, rows + 1, columns + 2, channels]), kernel as tf.Tensor4D, 1, 'valid');
}
/** The same to the right: place (r, c) has seen columns c - right and c - right + 1. */
function fromLeft(x: tf.Tensor4D, right: 1 | 2, kernel: tf.Tensor): tf.Tensor4D {
  const [n, rows, columns, channels] = x.shape;
  return tf.conv2d(tf.slice(tf.pad(x, [[0, 0], [0, 0], [right, 0], [0, 0]]), [0, 0, 0, 0], [n, rows, columns + 1, channels]), kernel as tf.Tensor4D, 1, 'valid');
}
const pointwise = (x: tf.Tensor4D, kernel: tf.Tensor): tf.Tensor4D => tf.conv2d(x, kernel as tf.Tensor4D, 1, 'same');

/** One-hot rows of indices [n, places]: [n, places, codes]. */
const chosen = (indices: tf.Tensor, codes: number): tf.Tensor => tf.oneHot(tf.cast(indices, 'int32'), codes, 1, 0, 'float32');

/** What each place is to be predicted from, [n, rows, columns, filters]: of place (r, c) it depends on the codes of the rows above, and on those to the left in its row. */
function features(indices: tf.Tensor, { rows, columns, codes }: CodeGrid, { filters, layers }: PixelCnnSize, weight: Weights): tf.Tensor4D {
  const n = indices.shape[0] ?? 0;
  const codesSeen = tf.reshape(tf.matMul(tf.reshape(chosen(indices, codes), [-1, codes]) as tf.Tensor2D, weight('embedding') as tf.Tensor2D), [n, rows, columns, filters]) as tf.Tensor4D;
  let above = tf.add(fromAbove(codesSeen, 2, weight('above')), weight('places')) as tf.Tensor4D;
  let left = tf.add(above, fromLeft(codesSeen, 2, weight('left'))) as tf.Tensor4D;
  for (let l = 0; l < layers; l++) {
    above = tf.add(above, tf.relu(tf.add(fromAbove(above, 1, weight(`${l}/above`)), weight(`${l}/aboveBias`)))) as tf.Tensor4D;
    const joined = tf.relu(tf.add(tf.add(fromLeft(left, 1, weight(`${l}/left`)), pointwise(above, weight(`${l}/joined`))), weight(`${l}/leftBias`))) as tf.Tensor4D;
    left = tf.add(left, pointwise(joined, weight(`${l}/out`))) as tf.Tensor4D;
  }
  return tf.relu(left) as tf.Tensor4D;
}
const logitsOf = (rows: tf.Tensor, weight: Weights): tf.Tensor =>
  tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(rows, weight('hidden')), weight('hiddenBias'))), weight('logits')), weight('logitsBias'));

/** -log p of each grid, [n], nats, of indices [n, places]. */
export function negativeLogProbability(indices: tf.Tensor, grid: CodeGrid, size: PixelCnnSize, weight: Weights): tf.Tensor {
  const logits = logitsOf(tf.reshape(features(indices, grid, size, weight), [-1, size.filters]), weight);
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const rows = tf.sub(tf.log(tf.sum(tf.exp(shifted), 1)), tf.sum(tf.mul(shifted, tf.reshape(chosen(indices, grid.codes), [-1, grid.codes])), 1));
  return tf.sum(tf.reshape(rows, indices.shape), 1);
}

/** Logits of the code at one place, [n, codes]; `place` is one-hot, [places]. Codes there and later are not looked at. */
export function logitsAt(indices: tf.Tensor, place: tf.Tensor, grid: CodeGrid, size: PixelCnnSize, weight: Weights): tf.Tensor {
  const all = tf.reshape(features(indices, grid, size, weight), [indices.shape[0] ?? 0, -1, size.filters]);
  return logitsOf(tf.sum(tf.mul(all, tf.reshape(place, [1, -1, 1])), 1), weight);
}

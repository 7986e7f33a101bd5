import * as tf from '@tensorflow/tfjs';
import { liveValue, upTo, type Scheduled } from '../live';
import { need } from '../need';
import { shown, weighted } from '../parts';
import { stopGradient } from '../stopGradient';
import type { ObjectiveEntry } from './entry';

/** What the VQ-VAE lowers, and how its codebook follows. */
export interface VectorQuantizationObjective {
  readonly kind: 'vectorQuantization';
  readonly codes: number;
  readonly codeDim: number;
  readonly commitment: Scheduled;
  readonly decay: number;
  readonly restartBelow: number;
}

const spec = upTo(1000);
type Options = Omit<VectorQuantizationObjective, 'kind'>;
/** @throws TypeError where the commitment is out of range */
export function vectorQuantization(options: Options): VectorQuantizationObjective {
  liveValue('vqVae', 'commitment', options.commitment, spec);
  return { kind: 'vectorQuantization', ...options };
}

type Variables = Readonly<Record<string, tf.Tensor>>;
/** A code that nothing is near to shrinks to nothing in both: their ratio stays. */
const LEAST = 1e-5;
/** [codes, codeDim]: of each code the mean of the vectors that were nearest to it, as averages over steps (van den Oord et al. 2017, appendix A.1). */
const codebookOf = (variables: Variables): tf.Tensor => tf.div(need(variables['sums'], 'sums'), tf.expandDims(tf.maximum(need(variables['counts'], 'counts'), LEAST), 1));
/** The same in JavaScript, to the bit where the device divides as IEEE 754 says. */
export function codebookRows(counts: Float32Array, sums: Float32Array): Float32Array {
  const codeDim = sums.length / counts.length;
  return sums.map((sum, i) => sum / Math.max(counts[Math.floor(i / codeDim)] ?? 1, Math.fround(LEAST)));
}
/** Indices of the nearest codes, [n], of vectors [n, codeDim]. */
const nearest = (vectors: tf.Tensor, codebook: tf.Tensor): tf.Tensor1D => tf.argMin(tf.sub(tf.sum(tf.square(codebook), 1), tf.mul(tf.matMul(vectors, codebook, false, true), 2)), 1);
/** Uniform in [0, 1) of standard normals. */
const uniform = (normals: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.erf(tf.mul(normals, Math.SQRT1_2)), 1), 0.5);

export const vectorQuantizationEntry: ObjectiveEntry<VectorQuantizationObjective> = {
  samples: () => 1,
  hyperparameters: ({ commitment }) => ({ commitment: { ...spec, value: commitment } }),
  variables: ({ codes, codeDim }) => ({ counts: { shape: [codes], initial: 1, trainable: false }, sums: { shape: [codes, codeDim], initial: 'normal', trainable: false } }),
  parts: ({ codes, codeDim, decay, restartBelow }, { z, noise, decode, negativeLogLikelihood, variables, training, hyperparameters: now }) => {
    const codebook = codebookOf(variables);
    const vectors = stopGradient(() => tf.reshape(z, [-1, codeDim]));
    const indices = nearest(vectors, codebook);
    const chosen = tf.oneHot(indices, codes, 1, 0, 'float32');
    const quantized = tf.reshape(tf.gather(codebook, indices), z.shape);
    const share = tf.mean(chosen, 0);
    const entropy = tf.neg(tf.sum(tf.mul(share, tf.log(tf.maximum(share, 1e-10)))));
    if (training) {
      const blend = (old: tf.Tensor, seen: tf.Tensor): tf.Tensor => tf.add(tf.mul(old, decay), tf.mul(seen, 1 - decay));
      const [counts, sums] = [blend(need(variables['counts'], 'counts'), tf.sum(chosen, 0)), blend(need(variables['sums'], 'sums'), tf.matMul(chosen, vectors, true))];
      const dead = tf.cast(tf.less(counts, restartBelow), 'float32');
      const alive = tf.sub(1, dead);
      const [count = 1] = vectors.shape;
      const flat = tf.reshape(noise, [-1]);
      const drawn = tf.gather(flat, tf.range(0, codes, 1, 'int32').mod(tf.scalar(flat.size, 'int32')) as tf.Tensor1D);
      const anywhere = tf.gather(vectors, tf.cast(tf.minimum(tf.floor(tf.mul(uniform(drawn), count)), count - 1), 'int32') as tf.Tensor1D);
      variables['counts']?.assign(tf.add(tf.mul(counts, alive), dead));
      variables['sums']?.assign(tf.add(tf.mul(sums, tf.expandDims(alive, 1)), tf.mul(anywhere, tf.expandDims(dead, 1))));
    }
    return {
      reconstruction: negativeLogLikelihood(decode(tf.add(z, stopGradient(() => tf.sub(quantized, z))))), // straight through: the decoder's gradient is the encoder's
      commitment: weighted(need(now['commitment'], 'commitment'), tf.sum(tf.square(tf.sub(z, stopGradient(quantized))), 1)),
      perplexity: shown(tf.exp(entropy)),
    };
  },
  codebook: {
    indices: ({ codeDim }, code, variables) => tf.reshape(nearest(tf.reshape(code, [-1, codeDim]), codebookOf(variables)), [code.shape[0] ?? 0, -1]),
    quantize: ({ codeDim }, code, variables) => {
      const codebook = codebookOf(variables);
      return tf.reshape(tf.gather(codebook, nearest(tf.reshape(code, [-1, codeDim]), codebook)), code.shape);
    },
    draw: ({ codeDim }, noise, variables) => {
      const counts = need(variables['counts'], 'counts');
      const cumulative = tf.div(tf.cumsum(counts), tf.sum(counts));
      const chances = uniform(tf.slice(tf.reshape(noise, [-1, codeDim]), [0, 0], [-1, 1]));
      const indices = tf.minimum(tf.sum(tf.cast(tf.greaterEqual(chances, tf.expandDims(cumulative, 0)), 'int32'), 1), (counts.shape[0] ?? 1) - 1);
      return tf.reshape(tf.gather(codebookOf(variables), tf.cast(indices, 'int32') as tf.Tensor1D), noise.shape);
    },
  },
};

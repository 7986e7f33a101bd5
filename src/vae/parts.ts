import * as tf from '@tensorflow/tfjs';

/** A part of the loss and how much it counts. */
export interface WeightedPart { readonly weight: number | tf.Tensor; readonly value: tf.Tensor }
/** In nats per example: [examples], of which the mean is taken, or a scalar. */
export type Part = tf.Tensor | WeightedPart;
/** The loss is their sum; the names are the legend of the curves. What is undefined is no part. */
export type Parts = Readonly<Record<string, Part | undefined>>;
/** Scalars: the loss, and each part's mean without its weight. */
export interface Losses { readonly loss: tf.Scalar; readonly parts: Readonly<Record<string, tf.Scalar>> }

/** A part that counts `weight` times; shown without the weight. */
export const weighted = (weight: number | tf.Tensor, value: tf.Tensor): WeightedPart => ({ weight, value });
/** A part that is shown and does not count. */
export const shown = (value: tf.Tensor): WeightedPart => ({ weight: 0, value });

/** Names that a line of metrics has for other things. */
const taken: ReadonlySet<string> = new Set(['loss', 'step', 'epoch', 'split', 'seconds', 'type']);

/** Adds up the means of the parts. @throws TypeError in a sentence for what is not parts */
export function lossOf(given: unknown): Losses {
  if (typeof given !== 'object' || given === null || given instanceof tf.Tensor) throw new TypeError('The objective must give named parts, such as { reconstruction, kl }.');
  const parts: Record<string, tf.Scalar> = {};
  let loss: tf.Tensor | undefined;
  for (const [name, part] of Object.entries(given)) {
    if (part === undefined) continue;
    if (!/^[A-Za-z]\w*$/.test(name) || taken.has(name)) throw new TypeError(`The objective's part "${name}" needs another name: letters and digits, and none of ${[...taken].join(', ')}.`);
    const { weight, value } = weightedPart(name, part);
    const mean = value.rank === 0 ? tf.clone(value) : tf.mean(value); // a clone, since a weight may be shown, and what is given here is freed
    parts[name] = mean as tf.Scalar;
    if (weight === 0) continue;
    const term = weight === undefined ? mean : tf.mul(mean, weight);
    loss = loss === undefined ? term : tf.add(loss, term);
  }
  if (!loss) throw new TypeError('The objective gives no part that counts.');
  if (loss.rank !== 0) throw new TypeError('The weight of a part of the objective must be a number or a scalar.');
  const isPart = Object.values(parts).some((part) => part === loss);
  return { loss: (isPart ? tf.clone(loss) : loss) as tf.Scalar, parts }; // each is freed on its own
}

function weightedPart(name: string, part: unknown): { weight: number | tf.Tensor | undefined; value: tf.Tensor } {
  const { weight, value } = isWeighted(part) ? part : { weight: undefined, value: part };
  if (!(value instanceof tf.Tensor)) throw new TypeError(`The objective's part "${name}" is not a tensor.`);
  if (value.rank > 1) throw new TypeError(`The objective's part "${name}" must be one number an example or one in all; its shape is [${value.shape.join(', ')}].`);
  return { weight, value };
}
const isWeighted = (part: unknown): part is WeightedPart => typeof part === 'object' && part !== null && !(part instanceof tf.Tensor) && 'weight' in part && 'value' in part;

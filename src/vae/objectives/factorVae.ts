import * as tf from '@tensorflow/tfjs';
import { knownOptions } from '../knownOptions';
import { liveValue, positive, upTo, type Scheduled } from '../live';
import { need } from '../need';
import { shown, weighted } from '../parts';
import { stopGradient } from '../stopGradient';
import type { VariableSpecs } from '../variables';
import type { ObjectiveEntry } from './entry';

/** The evidence lower bound and a weighted total correlation, told by a network that is trained along. */
export interface FactorVaeObjective { readonly kind: 'factorVae'; readonly gamma: Scheduled; readonly discriminatorLearningRate: Scheduled; readonly hidden: readonly number[] }

const specs = { gamma: upTo(1000), discriminatorLearningRate: positive(1) };
const names = ['gamma', 'discriminatorLearningRate'] as const;
/** Of the network's optimizer (Kim & Mnih 2018, appendix B), and its leaky ReLU. */
const ADAM = { beta1: 0.5, beta2: 0.9, epsilon: 1e-8 };
const LEAK = 0.2;

/**
 * `reconstruction + kl + gamma * totalCorrelation` (Kim & Mnih 2018, eq. 2; `gamma` default 10). The total correlation is the log-odds with which a network, of `hidden` units
 * (default [256, 256]; six times 1000 in the paper), takes a code for one of the posterior rather than for one put together of different pictures' dimensions. The network is part of the objective: each
 * step trains it by an Adam of its own, at `discriminatorLearningRate` (default 1e-4). Both rates may change while training.
 * @throws TypeError for a value out of range
 */
export function factorVae(options: { gamma?: Scheduled; discriminatorLearningRate?: Scheduled; hidden?: readonly number[] } = {}): FactorVaeObjective {
  knownOptions('factorVae', options, { gamma: true, discriminatorLearningRate: true, hidden: true });
  const { gamma = 10, discriminatorLearningRate = 1e-4, hidden = [256, 256] } = options;
  const given = { gamma, discriminatorLearningRate };
  for (const name of names) liveValue('factorVae', name, given[name], specs[name]);
  if (!Array.isArray(hidden) || hidden.length === 0 || !hidden.every((units: unknown) => Number.isInteger(units) && Number(units) >= 1 && Number(units) <= 65_536)) throw new TypeError('factorVae(): hidden must be a list of numbers of units, such as [256, 256].');
  return { kind: 'factorVae', ...given, hidden };
}

const weightNames = (hidden: readonly number[]): string[] => [...hidden, 2].flatMap((_, i) => [`kernel${i}`, `bias${i}`]);
type Weights = readonly tf.Tensor[];

/** Logits of codes [n, latent]: log D(z) / (1 - D(z)), [n], D being the chance that z is the posterior's. */
function logOdds(weights: Weights, codes: tf.Tensor): tf.Tensor {
  const layers = weights.length / 2;
  let x = codes;
  for (let i = 0; i < layers; i++) {
    x = tf.add(tf.matMul(x, need(weights[2 * i], 'kernel')), need(weights[2 * i + 1], 'bias'));
    if (i < layers - 1) x = tf.leakyRelu(x, LEAK);
  }
  const [posterior, apart] = tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor];
  return tf.squeeze(tf.sub(posterior, apart), [1]);
}

/**
 * Codes of which each dimension is another picture's, [n, latent]: dimension d is moved d examples on. A batch is in random order, so this is as good as shuffling each dimension by itself, and no code
 * keeps two dimensions of one picture while the batch has more pictures than a code dimensions.
 */
function takenApart(codes: tf.Tensor): tf.Tensor {
  const [count = 1, size = 1] = codes.shape;
  const from = Int32Array.from({ length: count * size }, (_, i) => ((Math.floor(i / size) + i % size) % count) * size + i % size);
  return tf.reshape(tf.gather(tf.reshape(codes, [-1]), tf.tensor1d(from, 'int32')), codes.shape);
}

/** The cross-entropy of telling codes from such taken apart, nats per code of both. */
const confusion = (weights: Weights, codes: tf.Tensor, apart: tf.Tensor): tf.Scalar =>
  tf.mul(tf.add(tf.mean(tf.softplus(tf.neg(logOdds(weights, codes)))), tf.mean(tf.softplus(logOdds(weights, apart)))), 0.5);

/** One update of the network by Adam (Kingma & Ba 2015), its gradients taken here: the rest of the step sees none of it. */
function train(variables: Readonly<Record<string, tf.Variable>>, hidden: readonly number[], codes: tf.Tensor, rate: tf.Tensor): void {
  const all = weightNames(hidden);
  const weights = all.map((name) => need(variables[name], name));
  const apart = takenApart(codes);
  const gradients = tf.grads((...given: tf.Tensor[]) => confusion(given, codes, apart))(weights.map((weight) => stopGradient(weight)));
  const updates = tf.add(need(variables['updates'], 'updates'), 1);
  const correction = (beta: number): tf.Tensor => tf.sub(1, tf.pow(beta, updates));
  const [first, second] = [correction(ADAM.beta1), correction(ADAM.beta2)];
  all.forEach((name, i) => {
    const [gradient, m, v] = [need(gradients[i], name), need(variables[`m_${name}`], name), need(variables[`v_${name}`], name)];
    const mean = tf.add(tf.mul(m, ADAM.beta1), tf.mul(gradient, 1 - ADAM.beta1));
    const square = tf.add(tf.mul(v, ADAM.beta2), tf.mul(tf.square(gradient), 1 - ADAM.beta2));
    const step = tf.div(tf.div(mean, first), tf.add(tf.sqrt(tf.div(square, second)), ADAM.epsilon));
    const now = tf.sub(need(weights[i], name), tf.mul(step, rate));
    m.assign(mean);
    v.assign(square);
    need(weights[i], name).assign(now);
  });
  variables['updates']?.assign(updates);
}

export const factorVaeEntry: ObjectiveEntry<FactorVaeObjective> = {
  samples: () => 1,
  leastBatch: 2,
  hyperparameters: (description) => Object.fromEntries(names.map((name) => [name, { ...specs[name], value: description[name] }])),
  variables: ({ hidden }, { latentDim }) => {
    const units = [latentDim, ...hidden, 2];
    const weights: VariableSpecs = Object.fromEntries(units.slice(1).flatMap((out, i) => [
      [`kernel${i}`, { shape: [units[i] ?? 1, out], initial: 'normal' as const, scale: Math.sqrt(2 / ((1 + LEAK ** 2) * (units[i] ?? 1))), trainable: false }], [`bias${i}`, { shape: [out], initial: 0, trainable: false }],
    ]));
    const slots = Object.entries(weights).flatMap(([name, { shape }]) => ['m', 'v'].map((slot) => [`${slot}_${name}`, { shape, initial: 0, trainable: false }]));
    return { ...weights, ...Object.fromEntries(slots) as VariableSpecs, updates: { shape: [], initial: 0, trainable: false } };
  },
  parts: ({ hidden }, { z, decode, negativeLogLikelihood, prior, variables, training, hyperparameters: now }) => {
    const weights = weightNames(hidden).map((name) => stopGradient<tf.Tensor>(need(variables[name], name)));
    const codes = stopGradient(z);
    const totalCorrelation = logOdds(weights, z);
    const discriminator = confusion(weights, codes, takenApart(codes));
    if (training) train(variables, hidden, codes, need(now['discriminatorLearningRate'], 'discriminatorLearningRate'));
    return { reconstruction: negativeLogLikelihood(decode(z)), kl: prior.kl(), totalCorrelation: weighted(need(now['gamma'], 'gamma'), totalCorrelation), discriminator: shown(discriminator) };
  },
};

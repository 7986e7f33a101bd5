import * as tf from '@tensorflow/tfjs';
import { normalLogDensity } from '../densities';
import { likelihoodEntry, type Likelihood } from '../likelihoods/index';
import { priorEntry, type Gaussian, type Prior } from '../priors/index';
import type { ObjectiveArguments } from './entry';

type Variables = Readonly<Record<string, tf.Variable>>;
/** What a step has before its objective is asked. */
export interface StepTensors {
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  /** Without a log-variance where a code is a point. */
  readonly posterior: Pick<Gaussian, 'mean'> & Partial<Gaussian>;
  /** [batch, pixels] */
  readonly x: tf.Tensor;
  /** [samples * batch, latent] */
  readonly noise: tf.Tensor;
  readonly samples: number;
  readonly decode: (z: tf.Tensor) => tf.Tensor;
  readonly hyperparameters: Readonly<Record<string, tf.Scalar>>;
  readonly variables: { readonly likelihood: Variables; readonly prior: Variables; readonly objective: Variables };
  /** Makes the one-hot rows, [batch, classes]. */
  readonly labels: (() => tf.Tensor) | undefined;
  readonly datasetSize: number;
  readonly training: boolean;
}

const noVariance = (): never => { throw new TypeError('A code of this model is a point: it has no variance and no density.'); };

/** The record that an objective is a function of. Draws z by the reparameterization of Kingma & Welling 2014, section 2.4; a code without a variance is z itself. */
export function bindArguments(step: StepTensors): ObjectiveArguments {
  const { likelihood, prior, posterior, x, noise, samples, decode, hyperparameters, variables, labels, datasetSize, training } = step;
  const [ofLikelihood, ofPrior] = [likelihoodEntry(likelihood), priorEntry(prior)];
  const [batch = 0] = x.shape;
  /** Rows sample by sample as [samples, batch, ...], so that what is [batch, ...] broadcasts; one sample needs none of it. */
  const bySample = (rows: tf.Tensor): tf.Tensor => (samples === 1 ? rows : tf.reshape(rows, [samples, batch, ...rows.shape.slice(1)]));
  const inRows = (values: tf.Tensor): tf.Tensor => (samples === 1 ? values : tf.reshape(values, [samples * batch, ...values.shape.slice(2)]));
  const { mean, logVariance } = posterior;
  const z = logVariance ? inRows(tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), bySample(noise)))) : mean;
  const gaussian = (): Gaussian => (logVariance ? { mean, logVariance } : noVariance());
  const logPosterior = (at: tf.Tensor): tf.Tensor => inRows(normalLogDensity(bySample(at), mean, gaussian().logVariance));
  const priorTools = { hyperparameters, variables: variables.prior };
  const logPrior = (at: tf.Tensor): tf.Tensor => ofPrior.logDensity(prior, at, priorTools);
  return {
    tf, x, z, noise, samples, decode, hyperparameters, variables: variables.objective, datasetSize, training,
    posterior: { mean, get logVariance() { return gaussian().logVariance; }, logDensity: logPosterior },
    prior: {
      logDensity: logPrior,
      kl: () => {
        if (ofPrior.kl) return ofPrior.kl(prior, gaussian(), priorTools);
        const estimates = tf.sub(logPosterior(z), logPrior(z));
        return samples === 1 ? estimates : tf.mean(bySample(estimates), 0);
      },
      klPerDimension: () => {
        if (!ofPrior.klPerDimension) throw new TypeError(`The KL divergence of each latent dimension is not known for the prior ${prior.kind}().`);
        return ofPrior.klPerDimension(prior, gaussian(), priorTools);
      },
    },
    negativeLogLikelihood: (output) => inRows(ofLikelihood.negativeLogLikelihood(likelihood, x, bySample(output), { hyperparameters, variables: variables.likelihood })),
    get labels() {
      if (!labels) throw new TypeError('The objective asks for labels, and the data have none.');
      return labels();
    },
  };
}

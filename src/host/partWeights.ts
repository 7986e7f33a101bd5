import * as tf from '@tensorflow/tfjs';
import { likelihoodEntry } from '../vae/likelihoods/index';
import type { VaeModel } from '../vae/model';
import { firstValues, hyperparametersOf } from '../vae/hyperparameters';
import { bindArguments, objectiveEntry, samplesOf } from '../vae/objectives/index';
import { priorEntry } from '../vae/priors/index';
import { onBackend } from './engines/backends';
import type { DataFacts, ImageShape } from './engines/index';
import { OwnVariables } from './engines/ownVariables';
import { sizeOf } from './engines/sizeOf';

const EXAMPLES = 2;
/** What a part that is given without a weight counts. */
const PLAIN = 1;

/**
 * How much each part of a model's loss counts: a number, or the name of the hyperparameter that is its weight. The objective is asked once, with black images and a decoder
 * that gives zeros; a weight that is a tensor of its own making is left out, and nothing is known of an objective that cannot be asked so.
 */
export function partWeights(model: VaeModel, imageShape: ImageShape, data: DataFacts): Promise<Record<string, number | string>> {
  return onBackend('cpu', () => {
    const made: tf.Variable[] = [];
    try {
      return tf.tidy(() => weightsOf(model, sizeOf(imageShape), data, made));
    } catch (error) {
      console.error('The weights of the loss\'s parts are not known:', error);
      return {};
    } finally {
      for (const variable of made) variable.dispose();
    }
  });
}

function weightsOf(model: VaeModel, pixels: number, { trainCount, classes }: DataFacts, made: tf.Variable[]): Record<string, number | string> {
  const { likelihood, prior, objective, latentDim } = model;
  const sizes = { latentDim, pixels };
  const own = (part: 'likelihood' | 'prior' | 'objective', specs: ConstructorParameters<typeof OwnVariables>[1]): Readonly<Record<string, tf.Variable>> => {
    const variables = new OwnVariables(part, specs);
    variables.initialize();
    made.push(...Object.values(variables.byName));
    return variables.byName;
  };
  const { learningRate: _, ...first } = firstValues(hyperparametersOf(model));
  const hyperparameters = Object.fromEntries(Object.entries(first).map(([name, value]) => [name, tf.scalar(value)]));
  const outputs = likelihoodEntry(likelihood).outputs(likelihood);
  const latent = (): tf.Tensor => tf.zeros([EXAMPLES, latentDim]);
  const parts = objectiveEntry(objective).parts(objective, bindArguments({
    likelihood, prior, posterior: { mean: latent(), logVariance: latent() }, x: tf.zeros([EXAMPLES, pixels]), noise: tf.zeros([samplesOf(objective) * EXAMPLES, latentDim]), samples: samplesOf(objective),
    decode: (z) => tf.zeros([z.shape[0] ?? 0, outputs * pixels]), hyperparameters, labels: classes === undefined ? undefined : () => tf.oneHot(tf.zeros([EXAMPLES], 'int32'), classes), datasetSize: trainCount, training: false,
    variables: { likelihood: own('likelihood', likelihoodEntry(likelihood).variables?.(likelihood)), prior: own('prior', priorEntry(prior).variables?.(prior, sizes)), objective: own('objective', objectiveEntry(objective).variables?.(objective, sizes)) },
  }));
  return Object.fromEntries(Object.entries(parts).flatMap(([name, part]): [string, number | string][] => {
    if (part === undefined) return [];
    const weight = 'weight' in part ? part.weight : PLAIN;
    if (typeof weight === 'number') return [[name, weight]];
    const hyperparameter = Object.keys(hyperparameters).find((key) => hyperparameters[key] === weight);
    return hyperparameter === undefined ? [] : [[name, hyperparameter]];
  }));
}

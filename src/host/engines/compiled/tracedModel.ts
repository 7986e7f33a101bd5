import type * as tf from '@tensorflow/tfjs';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { firstValues, hyperparametersOf } from '../../../vae/hyperparameters';
import type { VaeModel } from '../../../vae/model';
import { samplesOf } from '../../../vae/objectives/index';
import { onBackend } from '../backends';
import { filled, firstExamples } from '../buckets';
import { spreadOfPoints } from '../codeHeads';
import { conditionsOf, givenConditions } from '../condition';
import type { Batch, DataFacts, Encoded, ImageShape, NamedTensor, StepParts, WeightNorms } from '../engine';
import { l2Norm } from '../norms';
import { oneHot } from '../oneHot';
import { withSeededMath } from '../seededMath';
import { sizeOf } from '../sizeOf';
import { VaeNetwork } from '../vaeNetwork';
import { HYPERPARAMETER, PART, Steps, type StepSizes } from './step';

/** Inputs of a graph by name. */
type Given = Record<string, Float32Array>;

/** A model whose steps are traced, whatever then runs them: its network, what is traced of it, and what the graphs are given. */
export class TracedModel {
  readonly sizes: StepSizes;
  readonly steps: Steps;
  readonly imageSize: number;
  readonly training: VaeModel['training'];

  private constructor(readonly network: VaeNetwork, model: VaeModel, imageShape: ImageShape, data: DataFacts | undefined) {
    const { learningRate: _, ...hyperparameters } = firstValues(hyperparametersOf(model));
    this.sizes = { imageShape, corrupted: model.data.corruption.length > 0, latentDim: model.latentDim, samples: samplesOf(model.objective), classes: data?.classes, hyperparameters };
    this.steps = new Steps(network, this.sizes);
    this.imageSize = sizeOf(imageShape);
    this.training = model.training;
  }

  /** Builds the weights under `seed`. @throws TypeError for shapes that do not fit */
  static async build(model: VaeModel, seed: number, imageShape: ImageShape, data: DataFacts | undefined): Promise<TracedModel> {
    return new TracedModel(await builtNetwork(model, seed, imageShape, data), model, imageShape, data);
  }

  /** As the network was built with them. */
  firstWeights(): Promise<NamedTensor[]> {
    return onBackend('cpu', () => this.network.weights.map(({ name, variable }) => ({ name, shape: variable.shape, data: Float32Array.from(variable.dataSync()) })));
  }

  /** A batch of the model's size, black and without noise, to try a step with. */
  get black(): { readonly batch: Batch; readonly noise: Float32Array } {
    const { samples, classes, latentDim } = this.sizes;
    const { batchSize: count } = this.training;
    return { batch: { count, data: new Float32Array(count * this.imageSize), ...(classes === undefined ? {} : { labels: new Int32Array(count) }) }, noise: new Float32Array(samples * count * latentDim) };
  }

  /** What a training step, an evaluation or terms are given; hyperparameters that are not `given` are as the model starts. */
  lossInputs(graph: { needs(input: string): boolean }, { data, corrupted: seen = data, labels }: Batch, noise: Float32Array, given: Partial<HyperparameterValues>): Given {
    const { corrupted, classes, hyperparameters } = this.sizes;
    const inputs: Given = { x: data, noise };
    for (const [name, value] of Object.entries(hyperparameters)) inputs[`${HYPERPARAMETER}${name}`] = Float32Array.of(given[name] ?? value);
    if (corrupted) inputs['corrupted'] = seen;
    if (labels && classes !== undefined && graph.needs('labels')) inputs['labels'] = oneHot(labels, classes);
    return inputs;
  }

  /** The loss of a training step as the person's code gives it now, on the current backend, from the network's own weights. */
  lossNow(batch: Batch, noise: Float32Array, given: Partial<HyperparameterValues>): tf.Scalar {
    return this.steps.loss(batch.count, this.lossInputs({ needs: () => true }, batch, noise, given), true);
  }

  /** What an encoder for `bucket` examples is given. @throws TypeError where the model is conditional and the batch has no labels */
  encodingInputs({ data, corrupted = data, labels }: Batch, bucket: number): Given {
    return { x: filled(corrupted, bucket * this.imageSize), ...this.#rows(bucket, (classes) => conditionsOf(labels, classes)) };
  }
  /** What an encoder for `bucket` examples said of the first `count`; `output` gives its outputs. */
  encoded(output: (name: string) => Float32Array | undefined, count: number, bucket: number): Encoded {
    const first = (name: string): Float32Array | undefined => {
      const values = output(name);
      return values && firstExamples(values, bucket, count);
    };
    const indices = first('indices');
    return { mean: first('mean') ?? new Float32Array(0), logVariance: first('logVariance') ?? spreadOfPoints(count * this.sizes.latentDim), ...(indices ? { indices } : {}) };
  }
  /** What the prior's draw of `bucket` codes is given. */
  priorInputs(noise: Float32Array, choices: Float32Array, bucket: number): Given { return { noise: filled(noise, bucket * this.sizes.latentDim), choices: filled(choices, bucket) }; }
  /** What a decoder for `bucket` codes is given. @throws TypeError where the model is conditional and there are no conditions */
  decodingInputs(z: Float32Array, conditions: Float32Array | undefined, bucket: number): Given {
    return { z: filled(z, bucket * this.sizes.latentDim), ...this.#rows(bucket, () => givenConditions(conditions)) };
  }
  /** The classes that a conditional model's views are given. */
  #rows(bucket: number, make: (classes: number) => Float32Array): Given {
    const classes = this.network.conditionClasses;
    return classes === undefined ? {} : { labels: filled(make(classes), bucket * classes) };
  }
}

/** A network with its first weights, on the cpu backend; to be disposed. @throws TypeError for shapes that do not fit */
export function builtNetwork(model: VaeModel, seed: number, imageShape: ImageShape, data: DataFacts | undefined): Promise<VaeNetwork> {
  return onBackend('cpu', () => withSeededMath(seed, () => {
    const made = new VaeNetwork(model, imageShape, data);
    made.initialize();
    return made;
  }));
}

/** The loss and its parts among what a step gave; of tensors the first number. */
export function partsOf(made: ReadonlyMap<string, number | Float32Array>): StepParts {
  const number = (value: number | Float32Array | undefined): number => (typeof value === 'number' ? value : value?.[0] ?? NaN);
  return { loss: number(made.get('loss')), parts: Object.fromEntries([...made].filter(([name]) => name.startsWith(PART)).map(([name, value]) => [name.slice(PART.length), number(value)])) };
}

type Named = Pick<NamedTensor, 'name' | 'data'>;
/** What an update did to each weight, from the norms of the gradients and the weights before and after. */
export function weightNorms(norms: ReadonlyMap<string, number>, before: readonly Named[], after: readonly Named[]): WeightNorms[] {
  const changed = new Map(after.map(({ name, data }) => [name, data]));
  return before.flatMap(({ name, data: old }) => {
    const [gradient, data] = [norms.get(name), changed.get(name)];
    return gradient === undefined || !data ? [] : [{ name, gradient, change: l2Norm(data, old), weight: l2Norm(data) }];
  });
}

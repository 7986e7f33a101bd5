/** What a model file imports as 'vae-lab'. */
export { isVaeModel, type Builder, type BuilderTools, type ModelOptions, type Network, type TrainingOptions, type VaeModel } from './model';
export { autoencoder, conditionalVae, vae, vqVae, type AutoencoderConfig, type ConditionalVaeConfig, type VaeConfig, type VqVaeConfig } from './models/index';
export {
  cifar10, csv, fashionMnist, generator, imageFolder, kmnist, mnist, npy, npz, sprites,
  gaussianNoise, maskBox, maskPixels, saltAndPepper,
  type Binarization, type Corruption, type CsvOptions, type DataDescription, type DataOptions, type ExampleGenerator, type GeneratedExamples, type GeneratorContext, type GeneratorOptions,
  type ImageFolderOptions, type MnistDescription, type NpyOptions, type NpzOptions, type PublishedOptions, type RandomSource, type SpritesDescription,
} from './data/index';
export { bernoulli, continuousBernoulli, discretizedLogistic, gaussian, laplace, type Likelihood, type Spread } from './likelihoods/index';
export { mixture, standardNormal, uniformBox, type Prior } from './priors/index';
export { betaTcVae, elbo, factorVae, iwae, objective, reconstruction, type HyperparameterOption, type Objective, type ObjectiveArguments, type ObjectiveFunction, type Posterior, type PriorTerms } from './objectives/index';
export { shown, weighted, type Part, type Parts } from './parts';
export { initializers, type Initializer } from './initializers';
export { adam, adamw, rmsprop, sgd, type OptimizerDescription } from './optimizers';
export { cosine, cyclic, linear, reduceOnPlateau, stepDecay, type Schedule } from './schedules';
export { burgessConv, mlp, resnetConv, type Networks } from './builders/index';
export { stopGradient } from './stopGradient';
export { latentDirection, latentGroup, latentPath, latentPoint } from './latent';
export type { LatentDirection, LatentGroup, LatentItem, LatentPath, LatentPoint } from '../spec/latentItem';

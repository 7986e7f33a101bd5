/** What a model file imports as 'vae-lab'. */
export { vae, isVaeModel, type Builder, type BuilderTools, type Network, type TrainingOptions, type VaeConfig, type VaeModel } from './model';
export { mnist, sprites, type DataDescription, type MnistDescription, type SpritesDescription } from './data';
export { bernoulli, elbo, gaussian, type Likelihood, type Objective } from './objectives';
export { adam, rmsprop, sgd, type OptimizerDescription } from './optimizers';
export { stopGradient } from './stopGradient';
export { latentDirection, latentGroup, latentPath, latentPoint } from './latent';
export type { LatentDirection, LatentGroup, LatentItem, LatentPath, LatentPoint } from '../spec/latentItem';

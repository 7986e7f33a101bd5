/** What a model file imports as 'vae-lab'. */
export { vae, isVaeModel, type Builder, type BuilderTools, type Network, type TrainingOptions, type VaeConfig, type VaeModel } from './model';
export { mnist, sprites, type DataDescription, type MnistDescription, type SpritesDescription } from './data';
export { bernoulli, elbo, gaussian, type Likelihood, type Objective } from './objectives';
export { initializers, type Initializer } from './initializers';
export { adam, adamw, rmsprop, sgd, type OptimizerDescription } from './optimizers';
export { cosine, reduceOnPlateau, stepDecay, type Schedule } from './schedules';
export { stopGradient } from './stopGradient';

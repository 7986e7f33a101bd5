/** What a model file imports as 'vae-lab'. */
export { vae, isVaeModel, type Builder, type BuilderTools, type Network, type TrainingOptions, type VaeConfig, type VaeModel } from './model';
export { mnist, sprites, type DataDescription, type MnistDescription, type SpritesDescription } from './data';
export { bernoulli, continuousBernoulli, discretizedLogistic, gaussian, laplace, type Likelihood, type Spread } from './likelihoods/index';
export { mixture, standardNormal, uniformBox, type Prior } from './priors/index';
export { elbo, iwae, objective, type HyperparameterOption, type Objective, type ObjectiveArguments, type ObjectiveFunction, type Posterior, type PriorTerms } from './objectives/index';
export { shown, weighted, type Part, type Parts } from './parts';
export { linear, cyclic, type Schedule } from './schedules';
export { adam, rmsprop, sgd, type OptimizerDescription } from './optimizers';
export { stopGradient } from './stopGradient';

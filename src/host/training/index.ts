export { DivergedError, NonFiniteGradientError, NonFiniteLossError } from './divergence';
export { Trainer, type TrainerListener, type TrainerOptions, type TrainerState } from './trainer';
export { Random, type RandomState } from './random';

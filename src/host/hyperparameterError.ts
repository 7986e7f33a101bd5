/** A hyperparameter that the model does not have, or not with this value, was asked for. */
export class HyperparameterError extends Error {}

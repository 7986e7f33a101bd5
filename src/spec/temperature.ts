import type { HyperparameterSpecs } from './hyperparameters';

/** Names under which code around the models is told. */
export const AROUND = 'code';
/** How what stands in a model's text may change: `hot` at the next step of a run; `warm` there too, with the step built anew and the weights kept; `cold` in a run that begins anew, since it shapes the model or what it sees. */
export type Temperature = 'hot' | 'warm' | 'cold';
/** Options that shape no weight of a network. Code around the models may do anything: the host finds out. */
const warm: readonly string[] = ['objective', 'likelihood', 'prior', 'logVarianceLimit', 'training.epochs', 'training.clipNorm', 'training.optimizer', AROUND];
/** Of a live hyperparameter, or of an option or number by its place in the text. */
export const temperatureOf = (name: string, specs: HyperparameterSpecs): Temperature => (Object.hasOwn(specs, name) ? 'hot' : warm.includes(name) ? 'warm' : 'cold');

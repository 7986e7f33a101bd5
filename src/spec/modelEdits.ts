import type { ModelInText } from './findModels';
import type { HyperparameterSpecs } from './hyperparameters';

/** How a number of a model may change: `hot` at the next step of a run; `warm` in a run of its own that goes on from a checkpoint; `cold` in a run that begins anew, since it shapes the model or what it sees. */
export type Temperature = 'hot' | 'warm' | 'cold';
/** Those that a branch takes, by their place in the text. */
const warm: readonly string[] = ['training.epochs'];
export const temperatureOf = (name: string, specs: HyperparameterSpecs): Temperature => (Object.hasOwn(specs, name) ? 'hot' : warm.includes(name) ? 'warm' : 'cold');

/** A number that stands otherwise in the text than a run has it. */
export interface ModelEdit { readonly name: string; readonly from: number; readonly to: number; readonly temperature: Temperature }

/** What was edited since a run began: `before` is its model's text then. A value that the run has taken meanwhile is none, nor one that it took from elsewhere and the text never had. */
export function modelEdits(now: ModelInText, before: ModelInText | undefined, { hyperparameters, hyperparameterSpecs: specs, epochs }: { readonly hyperparameters: Readonly<Record<string, number>>; readonly hyperparameterSpecs: HyperparameterSpecs; readonly epochs: number }): ModelEdit[] {
  return Object.entries(now.literals).flatMap(([name, { value: to }]) => {
    const was = before?.literals[name]?.value;
    const temperature = temperatureOf(name, specs);
    const from = temperature === 'hot' ? hyperparameters[name] : name === 'training.epochs' ? epochs : was;
    return from === undefined || to === was || to === from ? [] : [{ name, from, to, temperature }];
  });
}

/** The coldest of them decides what can be done. */
export function coldest(edits: readonly ModelEdit[]): Temperature | undefined {
  return (['cold', 'warm', 'hot'] as const).find((temperature) => edits.some((edit) => edit.temperature === temperature));
}

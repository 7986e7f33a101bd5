import type { ModelInText } from './findModels';
import type { HyperparameterSpecs } from './hyperparameters';
import { temperatureOf, type Temperature } from './temperature';

/** What stands otherwise in the text than a run has it: a number, or an option that is built otherwise. */
export interface ModelEdit { readonly name: string; readonly from?: number; readonly to?: number; readonly temperature: Temperature }

/** The option in which a number stands. */
function optionOf({ options }: ModelInText, name: string, start: number): string {
  const last = Object.entries(options).filter(([, range]) => range.start <= start).sort(([, a], [, b]) => b.start - a.start)[0]?.[0] ?? name;
  return last !== 'training' ? last : name.startsWith('training.') ? name : 'training.optimizer';
}

interface EditedRun { readonly hyperparameters: Readonly<Record<string, number>>; readonly hyperparameterSpecs: HyperparameterSpecs; readonly epochs: number }

/**
 * What was edited since a run began: `before` is its model's text then, `code` the options that are built otherwise. A value that the run has taken meanwhile is none, nor one that it took from elsewhere and the
 * text never had.
 */
export function modelEdits(now: ModelInText, before: ModelInText | undefined, { hyperparameters, hyperparameterSpecs: specs, epochs }: EditedRun, code: readonly string[] = []): ModelEdit[] {
  const numbers = Object.entries(now.literals).flatMap(([name, { value: to, start }]): ModelEdit[] => {
    const was = before?.literals[name]?.value;
    const temperature = Object.hasOwn(specs, name) ? 'hot' : temperatureOf(optionOf(now, name, start), specs);
    const from = temperature === 'hot' ? hyperparameters[name] : name === 'training.epochs' ? epochs : was;
    return from === undefined || to === was || to === from ? [] : [{ name, from, to, temperature }];
  });
  return [...numbers, ...code.map((name) => ({ name, temperature: temperatureOf(name, specs) === 'cold' ? 'cold' as const : 'warm' as const }))];
}

/** The coldest of them decides what can be done. */
export function coldest(edits: readonly ModelEdit[]): Temperature | undefined {
  return (['cold', 'warm', 'hot'] as const).find((temperature) => edits.some((edit) => edit.temperature === temperature));
}

import type { Mark } from '../protocol/run';
import type { RunHistory } from './history';
import type { Trainer } from './training/index';

/** Sets a hyperparameter of a live run, and keeps that it was. @throws RangeError with a sentence */
export function setByHand(trainer: Trainer, history: RunHistory, name: string, to: number): { readonly mark: Mark; readonly written: Promise<void> } {
  const from = trainer.hyperparameters[name] ?? NaN;
  const endsSchedule = trainer.isScheduled(name);
  const step = trainer.setHyperparameter(name, to);
  const mark: Mark = { step, seconds: history.last?.seconds ?? 0, name, from, to, ...(endsSchedule ? { endsSchedule } : {}) };
  return { mark, written: history.change(mark) };
}

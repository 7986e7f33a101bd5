import { errorText } from '../../protocol/errorText';
import type { HostHandlers } from '../../protocol/rpc';
import type { Manifest } from '../../protocol/run';
import { CancelledError, type RunPrior } from './runPrior';

type Told = Manifest['prior'];
/** What is told of a prior after it was learned, or was not. */
export function toldOf({ failed: _before, learned: _learned, outdated: _outdated, ...told }: Told, { facts }: Pick<RunPrior, 'facts'>, failed?: string): Told {
  return { ...told, ...facts, ...(failed === undefined ? {} : { failed }) };
}

/** Learns it where training has ended and the model has one that is not learned yet. Gives in a sentence why that failed; `cancelled` where somebody ended it, or the whole run (`isEnding`) before. */
export async function learnAfterTraining(prior: RunPrior | undefined, isEnding: boolean): Promise<{ readonly cancelled?: boolean; readonly failed?: string }> {
  if (!prior?.learns || prior.codePrior) return {};
  if (isEnding) return { cancelled: true };
  try {
    await prior.learn();
    return {};
  } catch (error) {
    if (error instanceof CancelledError) return { cancelled: true };
    console.error(error);
    return { failed: errorText(error) };
  }
}

/** `changed` is told when samples are drawn from another prior; `prior` throws where there is no model, or it still trains. */
export function priorHandlers(prior: () => RunPrior | undefined, training: () => boolean, changed: (prior: RunPrior) => Promise<void>): Pick<HostHandlers, 'learnPrior' | 'cancelPrior'> {
  return {
    learnPrior: async () => {
      const of = prior();
      if (!of || training()) throw new Error('The model still trains: the prior over its codes is learned when training ends.');
      try {
        const learned = await of.learn();
        await changed(of);
        return { learned };
      } catch (error) {
        if (error instanceof CancelledError) return {};
        throw error;
      }
    },
    cancelPrior: () => {
      prior()?.cancel();
      return Promise.resolve({});
    },
  };
}

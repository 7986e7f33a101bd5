import type { RunConnection } from '../client/hosts';
import { priorInWords } from '../protocol/priorInWords';
import type { Values } from './arguments';
import { barOf, cancellable, showLearning } from './progress';

/** Learns the prior over the codes of a VQ-VAE, of which samples are drawn from then on. Ctrl-C cancels. Returns the exit code. */
export function prior(run: RunConnection, values: Values): Promise<number> {
  const bar = barOf(values);
  showLearning(run, bar);
  return cancellable(bar, () => run.api.request('cancelPrior', {}), async () => {
    const { learned } = await run.api.request('learnPrior', {});
    bar('');
    if (!learned) throw new Error('Learning the prior was cancelled.');
    console.log(values.json ? JSON.stringify(learned) : priorInWords(learned));
  });
}

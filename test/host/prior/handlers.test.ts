import { describe, expect, it } from 'vitest';
import { learnAfterTraining } from '../../../src/host/prior/handlers';
import type { RunPrior } from '../../../src/host/prior/runPrior';

describe('the prior over codes, when training ends', () => {
  const learning = (learn: () => Promise<never>) => ({ learns: true, codePrior: undefined, learn }) as unknown as RunPrior;
  it('is not learned by a run that was told to end meanwhile', async () => {
    expect(await learnAfterTraining(learning(() => { throw new Error('learned'); }), true)).toEqual({ cancelled: true });
  });
  it('says in a sentence why it was not', async () => {
    expect(await learnAfterTraining(learning(() => Promise.reject(new Error('No room.'))), false)).toEqual({ failed: 'No room.' });
  });
});

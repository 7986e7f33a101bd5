import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Program } from '../../../src/host/engines/index';
import { Saving } from '../../../src/host/saving';
import type { Trainer } from '../../../src/host/training/index';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { temporaryFolder } from '../../temporaryFolder';

/** Ends epochs with these losses, each compared since that step; what is the best after them, and which checkpoints are left. */
async function after(epochs: readonly { readonly loss: number; readonly since?: number }[]) {
  const directory = await RunDirectory.create(path.join(temporaryFolder(), 'run'));
  const trainer = { step: 0, comparableSince: 0, exclusive: <T>(work: () => Promise<T>) => work(), getState: () => ({ step: trainer.step }) };
  const program = { getState: () => Promise.resolve([{ name: 'w', shape: [1], data: Float32Array.of(trainer.step) }]) };
  const saving = new Saving({ directory, trainer: trainer as unknown as Trainer, program: program as unknown as Program, flush: () => undefined, counts: () => true });
  for (const [i, { loss, since = 0 }] of epochs.entries()) {
    [trainer.step, trainer.comparableSince] = [10 * (i + 1), since];
    await saving.afterEpoch(loss);
  }
  await saving.now();
  const found = { best: (await directory.checkpoints.newest()).checkpoint?.best, steps: await directory.checkpoints.steps() };
  await directory.close();
  return found;
}

describe('the best checkpoint', () => {
  it('is that of the lowest held-out loss', async () => {
    expect(await after([{ loss: 9 }, { loss: 3 }, { loss: 5 }, { loss: 4 }, { loss: 6 }])).toEqual({ best: { step: 20, loss: 3 }, steps: [50, 20] });
  });
  it('is begun anew where the loss is made of other weights: with a beta that is warmed up the first would be the best for ever', async () => {
    expect(await after([{ loss: 1 }, { loss: 2, since: 20 }, { loss: 8, since: 25 }, { loss: 7, since: 25 }, { loss: 9, since: 25 }, { loss: 9, since: 25 }])).toEqual({ best: { step: 40, loss: 7 }, steps: [60, 40] });
  });
});

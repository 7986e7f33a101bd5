import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/fuzzing';
import { targets } from '../../fuzz/targets/index';

/** A slice of `npm run fuzz`: the inputs kept as files, and some made of them. */
const INPUTS = 400;

describe('what comes from outside', () => {
  it.each(Object.entries(targets))('is read or refused, without a crash, a hang, or much memory: %s', async (name, target) => {
    const { inputs, taken, slowestMs } = await fuzz(name, target, { inputs: INPUTS, seed: 1 });
    console.log(`${name}: ${inputs} inputs, ${taken} taken, slowest ${slowestMs.toFixed(1)} ms`);
    expect(inputs).toBeGreaterThanOrEqual(INPUTS);
    expect(taken).toBeGreaterThan(0); // else it would refuse everything unread
  });
  it('would be found out if it were read wrongly', async () => {
    const wrong = { seeds: () => [Uint8Array.of(1, 2, 3)], read: (input: Uint8Array) => { if (input.length === 0) throw new RangeError('empty'); }, refuses: [TypeError] };
    await expect(fuzz('wrong', wrong, { inputs: 5000, seed: 1 })).rejects.toThrow(/wrong read .* wrongly: RangeError: empty/);
  });
});

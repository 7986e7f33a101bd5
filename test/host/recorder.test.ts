import { describe, expect, it } from 'vitest';
import { Recorder } from '../../src/host/recorder';
import type { Moment } from '../../src/protocol/moments';

const strip = { count: 1, height: 1, width: 1, channels: 1, pixels: Uint8Array.of(7) };
/** A recorder whose recording takes `cost` milliseconds of a clock that only it and `train` turn. */
function recorder({ totalSteps = 1000, side = 28, cost = 0, known = [] as Moment[], kl = 1, logVariance = 0, write = () => Promise.resolve() }) {
  let clock = 0;
  const told: Moment[] = [];
  const encoded: number[] = [];
  const made = new Recorder({
    moments: { write }, latentDim: 2, totalSteps, known, now: () => clock, onMoment: (moment) => { told.push(moment); },
    views: {
      prior: () => Promise.resolve({ kind: 'normal' }),
      images: (step) => { clock += cost; return Promise.resolve({ step, originals: strip, reconstructions: strip, samples: strip }); },
      encode: (indices) => { encoded.push(indices.length); return Promise.resolve({ originals: strip, means: Float32Array.of(1, 0, kl, 0), logVariances: new Float32Array(4).fill(logVariance) }); },
    },
    dataset: { heldOut: { split: 'test', count: 2 }, imageShape: [side, side, 1], labels: () => { throw new Error('only the training examples have labels'); } },
  });
  return { made, told, encoded, train: async (from: number, to: number, stepMs = 10) => {
    for (let step = from; step <= to; step++) {
      clock += stepMs;
      await made.afterStep(step, () => step / 100);
    }
  } };
}
const steps = (told: readonly Moment[]): number[] => told.map(({ step }) => step);

describe('a recorder', () => {
  it('takes the first steps close, and the others evenly up to the end', async () => {
    const { made, told, train } = recorder({ totalSteps: 1000 });
    await train(1, 1000);
    expect(steps(told).slice(0, 6)).toEqual([1, 2, 4, 8, 13, 18]);
    expect(told.length).toBeLessThanOrEqual(205);
    await made.record(1000, 10);
    await made.record(1000, 10);
    expect(steps(told).slice(-2)).toEqual([998, 1000]);
    expect(told[0]).toEqual({ step: 1, seconds: 0.01, klNats: [0.5, 0] }); // (1 + 1) / 2 / 2 of means 1 and 1
  });
  it('takes fewer where the pictures are large', async () => {
    const { told, train } = recorder({ totalSteps: 1000, side: 400 });
    await train(1, 1000);
    expect(told.length).toBeLessThan(30);
    expect(told.length).toBeGreaterThan(15);
  });
  it('waits where recording takes more than a fiftieth of the time, the first time left out', async () => {
    const { told, train } = recorder({ totalSteps: 1000, cost: 20 });
    await train(1, 1000); // 10 s of training in all
    expect(steps(told).slice(0, 2)).toEqual([1, 2]);
    expect(told.length).toBeLessThanOrEqual(12);
    expect(told.length).toBeGreaterThan(8);
  });
  it('takes codes that are points too, which have no KL divergence', async () => {
    const { told, train } = recorder({ logVariance: -Infinity });
    await train(1, 2);
    expect(told).toEqual([{ step: 1, seconds: 0.01, klNats: [] }, { step: 2, seconds: 0.02, klNats: [] }]);
  });
  it('goes on where a run goes on', async () => {
    const { made, told, train } = recorder({ totalSteps: 1000, known: [{ step: 500, seconds: 5, klNats: [1, 1] }] });
    await made.record(500, 5);
    await train(501, 520);
    expect(steps(told)).toEqual([505, 510, 515, 520]);
  });
  it('passes over what is not finite, and a disk that takes no more', async () => {
    const strange = recorder({ kl: NaN });
    await strange.train(1, 4);
    expect(strange.told).toEqual([]);
    const full = recorder({ write: () => Promise.reject(new Error('ENOSPC')) });
    await full.train(1, 4);
    expect(full.told).toEqual([]);
    expect(full.encoded).toEqual([2, 2, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import { formatRows, makeRows, median } from '../../bench/rows';

const setting = { model: 'mlp', batch: 128, device: 'processor' } as const;
const ours = { engine: 'ours', rounds: [[10, 12, 11], [22, 20, 24], [5, 5, 5]], peakRssMb: 100.4 };
const eager = { engine: 'pytorch-eager', rounds: [[20, 22, 24], [44, 44, 4], [20, 20, 20]], peakRssMb: 700 };
const fused = { engine: 'pytorch-fused', rounds: [[11], [11], [11]], peakRssMb: 700 };
const compiled = { engine: 'pytorch-compile', rounds: [[10], [10], [500]], peakRssMb: 800 };

describe('rows of the benchmark', () => {
  it('have medians of medians, and ratios within a round: a slow round counts for both', () => {
    expect(makeRows(setting, [ours, eager, fused, compiled])).toEqual([
      { ...setting, engine: 'ours', msPerStep: 11, ratioToPytorchEager: 0.5, ratioToPytorchTuned: 1.1, peakRssMb: 100 },
      { ...setting, engine: 'pytorch-eager', msPerStep: 22, ratioToPytorchEager: 1, ratioToPytorchTuned: 2.2, peakRssMb: 700 },
      { ...setting, engine: 'pytorch-fused', msPerStep: 11, ratioToPytorchEager: 0.5, ratioToPytorchTuned: 1.1, peakRssMb: 700 },
      { ...setting, engine: 'pytorch-compile', msPerStep: 10, ratioToPytorchEager: 0.455, ratioToPytorchTuned: 1, peakRssMb: 800 },
    ]);
  });
  it('lack ratios to what was not timed', () => {
    const rows = makeRows(setting, [ours]);
    expect(rows).toEqual([{ ...setting, engine: 'ours', msPerStep: 11, peakRssMb: 100 }]);
    expect(formatRows(rows).split('\n')).toEqual(['model  batch  engine  ms/step  / eager  / tuned  peak MB', 'mlp      128  ours      11.00        -        -      100']);
  });
  it('say where a graphics adapter is made of software', () => {
    const rows = makeRows(setting, [{ ...ours, adapter: 'software' }]);
    expect(rows).toEqual([{ ...setting, engine: 'ours', adapter: 'software', msPerStep: 11, peakRssMb: 100 }]);
    expect(formatRows(rows)).toContain('ours, software');
  });
  it('take the mean of the two in the middle', () => { expect([median([1, 2, 3, 10]), median([3, 1, 2])]).toEqual([2.5, 2]); });
});

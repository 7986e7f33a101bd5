import { describe, expect, it } from 'vitest';
import { changedValues } from '../../../src/extension/runsTable/changedValues';
import { thinned } from '../../../src/extension/runsTable/compareRuns';
import type { MetricPoint } from '../../../src/protocol/run';
import { overlaid, partNames } from '../../../src/webview/runs/overlay';
import { manifestOf } from '../runs/manifestOf';

const point = (step: number, split: 'train' | 'test', loss = step): MetricPoint => ({ step, epoch: 1, split, seconds: step, loss, parts: { kl: loss / 2 } });
const mark = (name: string, from: number, to: number) => ({ step: 5, seconds: 1, name, from, to });

describe('what is changed of runs of one model', () => {
  it('is what is not the same in all of them, and what was changed while one trained', () => {
    const runs = [
      { manifest: manifestOf({ hyperparameters: { learningRate: 1e-3, beta: 1 }, seed: 1 }), marks: [] },
      { manifest: manifestOf({ hyperparameters: { learningRate: 1e-3, beta: 4 }, seed: 2 }), marks: [mark('beta', 1, 2), mark('beta', 2, 4)] },
    ];
    expect(changedValues(runs)).toEqual([[{ name: 'beta', value: '1' }, { name: 'seed', value: '1' }], [{ name: 'beta', value: '1 \u2192 4' }, { name: 'seed', value: '2' }]]);
  });
  it('is nothing of a run that is alone and was left alone', () => {
    expect(changedValues([{ manifest: manifestOf(), marks: [] }])).toEqual([[]]);
    expect(changedValues([])).toEqual([]);
  });
});

describe('curves of several runs', () => {
  it('share their steps; held-out where a run has that', () => {
    const run = (id: string, points: MetricPoint[]) => ({ id, points, latentDim: 2, samplesSeed: 1 });
    const columns = overlaid([run('a', [point(1, 'train'), point(2, 'test', 7), point(4, 'test', NaN)]), run('b', [point(1, 'train', 3), point(3, 'train', 2)])], ({ loss }) => loss);
    expect(columns).toEqual([[1, 2, 3], [null, 7, null], [3, null, 2]]);
    expect(partNames([run('a', [point(1, 'train')]), run('b', [])])).toEqual(['kl']);
  });
  it('are thinned where they are long, but for held-out points and the last', () => {
    const points = Array.from({ length: 10_000 }, (_, i) => point(i, i % 100 === 0 ? 'test' : 'train'));
    const kept = thinned(points);
    expect(kept.filter(({ split }) => split === 'test').length).toBe(100);
    expect(kept.length).toBeLessThan(800);
    expect(kept.at(-1)?.step).toBe(9999);
  });
});

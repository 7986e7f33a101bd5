import { describe, expect, it } from 'vitest';
import { changedValues } from '../../../src/extension/runsTable/changedValues';
import { comparedRun } from '../../../src/extension/runsTable/compareRuns';
import type { Look } from '../../../src/protocol/fineTracks';
import type { MetricPoint } from '../../../src/protocol/run';
import { addPoints, emptyTracks, unpackTracks } from '../../../src/protocol/tracks';
import { freshView } from '../../../src/webview/charts/curveView';
import { newestOf, overlaid, overlayColumns, overlayRange, overlayTable, partNames, readNear, seenIn } from '../../../src/webview/runs/overlay';
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
  it('is nothing of a run that ended before its model was read, and nothing because of it', () => {
    const unread = { manifest: manifestOf({ stepsPerEpoch: 0, epochs: 1, batchSize: 1, latentDim: 0, hyperparameters: {} }), marks: [] };
    expect(changedValues([{ manifest: manifestOf(), marks: [] }, unread])).toEqual([[], []]);
    expect(changedValues([unread, { manifest: manifestOf({ seed: 1 }), marks: [] }, { manifest: manifestOf({ seed: 2 }), marks: [] }])).toEqual([[], [{ name: 'seed', value: '1' }], [{ name: 'seed', value: '2' }]]);
  });
  it('is nothing of a run that is alone and was left alone', () => {
    expect(changedValues([{ manifest: manifestOf(), marks: [] }])).toEqual([[]]);
    expect(changedValues([])).toEqual([]);
  });
});

describe('curves of several runs', () => {
  const beside = (id: string, points: readonly MetricPoint[]) => {
    const tracks = emptyTracks();
    addPoints(tracks, points);
    return { id, tracks, latentDim: 2, samplesSeed: 1 };
  };
  const whole = (step: number, loss: number): MetricPoint => ({ ...point(step, 'test', loss), wholeSet: true });
  it('are of what was held out where a run has that, else of training', () => {
    const data = overlaid([beside('a', [point(1, 'train'), point(2, 'test', 7), point(4, 'test', NaN)]), beside('b', [point(1, 'train', 3), point(3, 'train', 2)])], 'loss');
    expect(data.kind).toBeUndefined();
    expect(overlayColumns(data, freshView)).toEqual([[1, 2, 3, 4], [undefined, 7, undefined, null], [3, undefined, 2, undefined]]);
    expect(overlayRange(data, freshView)).toEqual({ min: 1, max: 4 });
    expect(data.lines.map(newestOf)).toEqual([{ step: 2, value: 7 }, { step: 3, value: 2 }]);
    expect(overlayTable(data, ['one', 'two'])).toEqual({ head: ['step', 'one', 'two', 'one: seconds', 'two: seconds'], rows: [[1, undefined, 3, undefined, 1], [2, 7, undefined, 2, undefined], [3, undefined, 2, undefined, 3]], isPart: false });
  });
  it('are of the whole held-out set where all runs have two points of it: one batch has another loss', () => {
    const a = beside('a', [point(1, 'test', 9), whole(10, 5), point(11, 'test', 8), whole(20, 4)]);
    const both = overlaid([a, beside('b', [whole(10, 6), whole(20, 3)])], 'loss');
    expect([both.kind, overlayColumns(both, freshView)]).toEqual(['whole', [[10, 20], [5, 4], [6, 3]]]);
    const young = overlaid([a, beside('b', [point(1, 'test', 7), whole(10, 6)])], 'loss');
    expect([young.kind, overlayColumns(young, freshView)]).toEqual(['test', [[1, 11], [9, 8], [7, undefined]]]);
  });
  it('are read where a run has been, and nowhere else', () => {
    const [long, short] = overlaid([beside('a', [whole(10, 5), whole(20, 4), whole(30, 3)]), beside('b', [whole(10, 6), whole(20, 2)])], 'loss').lines;
    if (!long || !short) throw new Error('A line is missing.');
    expect([5, 11, 24, 26, 31].map((step) => [readNear(long, 'step', step)?.value, readNear(short, 'step', step)?.value])).toEqual([[undefined, undefined], [5, 6], [4, undefined], [3, undefined], [undefined, undefined]]);
  });
  it('stand over steps or over the time that training took, on logarithmic axes where asked', () => {
    const slow = beside('slow', [whole(0, 100), whole(10, 10), whole(20, 1)].map((one) => ({ ...one, seconds: 2 * one.step })));
    const data = overlaid([beside('fast', [whole(0, 100), whole(10, 10)]), slow], 'loss');
    expect(overlayColumns(data, { ...freshView, axis: 'seconds' })).toEqual([[0, 10, 20, 40], [100, 10, undefined, undefined], [100, undefined, 10, 1]]);
    expect([overlayRange(data, { axis: 'seconds', logX: false }), overlayRange(data, { axis: 'seconds', logX: true })]).toEqual([{ min: 0, max: 40 }, { min: 10, max: 40 }]);
    expect(overlayColumns(data, { ...freshView, logX: true })).toEqual([[10, 20], [10, undefined], [10, 1]]);
    expect(data.lines.map((line) => readNear(line, 'seconds', 19))).toEqual([undefined, { step: 10, value: 10 }]);
  });
  it('are none where no run has a point', () => {
    const data = overlaid([beside('a', []), beside('b', [])], 'loss');
    expect([overlayRange(data, freshView), data.lines.map(newestOf), overlayTable(data, ['a', 'b']).rows]).toEqual([undefined, [undefined, undefined], []]);
  });
  it('have the parts that any run has, each once', () => { expect(partNames([beside('a', []), beside('b', [point(1, 'train')]), beside('c', [point(1, 'test')])])).toEqual(['kl']); });
  describe('of a long run', () => {
    const SPIKE = 31_234;
    const { tracks } = beside('a', Array.from({ length: 50_000 }, (_, i) => ({ ...point(i + 1, 'train', i + 1 === SPIKE ? 1e6 : 1), gradientNorm: 1, layers: { mean: { gradientNorm: 1, updateRatio: 1 } } })));
    const sent = (range: Look['range'], most: number | undefined) => unpackTracks(comparedRun({ id: 'a', snapshot: { manifest: manifestOf(), marks: [], history: { tracks } } }, range, most).tracks);
    it('travel thinned, whole from first to last, a spike among them, and losses alone', () => {
      const { train, layers } = sent(undefined, 2000);
      expect([train.steps.at(0), train.steps.at(-1), layers.length, [...train.columns.keys()]]).toEqual([1, 50_000, 0, ['loss', 'part:kl']]);
      expect(train.length).toBeLessThanOrEqual(2000);
      const spiked = { id: 'a', tracks: sent(undefined, 2000), latentDim: 2, samplesSeed: 1 };
      expect(Math.max(...overlayColumns(overlaid([spiked], 'loss'), freshView)[1]?.map(Number) ?? [])).toBe(1e6);
    });
    it('are all there of what is looked at closely, and where they are to be saved', () => {
      const { train } = sent({ axis: 'step', min: 31_000, max: 31_500.5 }, 2000);
      expect([train.length, train.steps.at(0), train.steps.at(-1)]).toEqual([503, 30_999, 31_501]); // lines go on to a neighbour on either side
      expect(sent(undefined, undefined).train.length).toBe(50_000);
    });
    it('are drawn in the range that they are of, and nowhere else, beside runs that are whole', () => {
      const [whole, short] = [beside('a', []), beside('b', [])];
      const [range, close] = [{ axis: 'step' as const, min: 1, max: 2 }, beside('a', [])];
      const closer = { range, of: [whole, short], runs: [close] };
      expect([seenIn(range, [whole, short], closer), seenIn({ ...range, axis: 'seconds' }, [whole, short], closer), seenIn(undefined, [whole], undefined)]).toEqual([[close, short], [whole, short], [whole]]);
    });
  });
});

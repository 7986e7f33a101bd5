import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../src/protocol/run';
import { addPoints, emptyTracks, packTracks, unpackTracks, type Tracks } from '../../../src/protocol/tracks';
import { columnsOf } from '../../../src/webview/charts/columns';
import type { CurveView } from '../../../src/webview/charts/curveView';
import { digitsOf } from '../../../src/webview/charts/chart';
import { lonely, spaced } from '../../../src/webview/charts/curveSeries';
import { Extremes } from '../../../src/webview/charts/extremes';
import { lineOf } from '../../../src/webview/charts/line';
import { clustered, type ChartMark } from '../../../src/webview/charts/marks';
import { newest, readAt } from '../../../src/webview/charts/readout';
import { Smoothed } from '../../../src/protocol/smoothed';
import { thinned } from '../../../src/protocol/thinned';
import { csvOf, curveTable } from '../../../src/webview/charts/table';
import { panned, zoomed } from '../../../src/webview/charts/zoom';

const point = (step: number, split: 'train' | 'test', loss: number, wholeSet?: boolean): MetricPoint => ({ step, epoch: 1, split, seconds: step / 10, loss, parts: { reconstruction: loss / 2, kl: 1 }, ...(wholeSet ? { wholeSet } : {}) });
const tracksOf = (points: readonly MetricPoint[]): Tracks => { const tracks = emptyTracks(); addPoints(tracks, points); return tracks; };
const view: CurveView = { axis: 'step', logX: false, logY: false, smoothing: 0 };
const few = [point(1, 'train', 9), point(1, 'test', 8), point(2, 'train', 7), point(2, 'test', 6, true)];
/** A long walk with a spike of one point, in the middle of the night. */
const LONG = 100_000;
const valueAt = (step: number): number => (step === 51_234 ? 900 : step === 71_111 ? -5 : 100 + 50 * Math.sin(step / 9000));
const long = tracksOf(Array.from({ length: LONG }, (_, i) => point(i + 1, 'train', valueAt(i + 1))).flatMap((train) => (train.step % 5000 === 0 ? [train, point(train.step, 'test', 1, true)] : [train])));

describe('tracks', () => {
  it('hold each kind of point as columns, and come back from being packed', () => {
    const tracks = tracksOf([...few, { ...point(3, 'train', 5), gradientNorm: 2, scheduled: { beta: 0.5 }, layers: { 'encoder/1': { gradientNorm: 3, updateRatio: 0.01 } } }]);
    const plain = (of: Tracks) => Object.fromEntries(Object.entries(of).map(([kind, { steps, seconds, columns }]) => [kind, { steps: [...steps], seconds: [...seconds], columns: Object.fromEntries(Array.from(columns, ([name, values]) => [name, [...values]])) }]));
    expect(plain(tracks)).toEqual({
      train: { steps: [1, 2, 3], seconds: [0.1, 0.2, 0.3], columns: { loss: [9, 7, 5], 'part:reconstruction': [4.5, 3.5, 2.5], 'part:kl': [1, 1, 1], gradientNorm: [NaN, NaN, 2], 'scheduled:beta': [NaN, NaN, 0.5] } },
      test: { steps: [1], seconds: [0.1], columns: { loss: [8], 'part:reconstruction': [4], 'part:kl': [1] } },
      whole: { steps: [2], seconds: [0.2], columns: { loss: [6], 'part:reconstruction': [3], 'part:kl': [1] } },
      layers: { steps: [3], seconds: [0.3], columns: { 'gradientNorm:encoder/1': [3], 'updateRatio:encoder/1': [0.01] } },
    });
    expect(plain(unpackTracks(packTracks(tracks)))).toEqual(plain(tracks));
  });
  it('travel in single precision where that is all they have', () => {
    const [train] = packTracks(tracksOf([point(1, 'train', 0.5), point(2, 'train', 0.25)].map((each, i) => ({ ...each, gradientNorm: i === 0 ? NaN : 0.1 }))));
    expect(train?.columns.map(({ constructor }) => constructor.name)).toEqual(['Float32Array', 'Float32Array', 'Float32Array', 'Float64Array']);
    expect(train?.columns[3]?.[1]).toBe(0.1);
  });
});

describe('numbers at an axis', () => {
  it('have the digits by which they differ', () => {
    expect([digitsOf([0, 100, 200]), digitsOf([1e-3, 2e-3]), digitsOf([null, 0.99990, 0.99995, 1]), digitsOf([0.0009999, 0.00099995]), digitsOf([5]), digitsOf([]), digitsOf([3, 3])]).toEqual([4, 4, 6, 6, 4, 4, 4]);
    expect([1_000_000, 1_000_001, 1_000_002].map((value, _, all) => Number(value.toPrecision(digitsOf(all))))).toEqual([1_000_000, 1_000_001, 1_000_002]);
    expect([1, 1.00025, 1.0005].map((value, _, all) => value.toPrecision(digitsOf(all)))).toEqual(['1.0000', '1.0003', '1.0005']);
  });
});

describe('columnsOf', () => {
  it('puts points of one step beside one another, each kind in its column', () => {
    expect(columnsOf(tracksOf(few), 'loss', view)).toEqual([[1, 2], [9, 7], [undefined, undefined], [8, undefined], [undefined, 6]]);
    expect(columnsOf(tracksOf(few), 'part:reconstruction', { ...view, axis: 'seconds' })[0]).toEqual([0.1, 0.2]);
  });
  it('draws a gap where values or steps are missing', () => {
    const points = [1, 2, 3, 4].map((step) => ({ ...point(step, 'train', step), ...(step === 2 ? {} : { gradientNorm: step }) }));
    expect(columnsOf(tracksOf(points), 'gradientNorm', view)[1]).toEqual([1, null, 3, 4]);
    const torn = [1, 2, 3, 500, 501].map((step) => point(step, 'train', step));
    expect(columnsOf(tracksOf(torn), 'loss', view).slice(0, 2)).toEqual([[1, 2, 3, 251.5, 500, 501], [1, 2, 3, null, 500, 501]]);
  });
  it('finds gaps anew when steps turn out to lie nearer than was thought', () => {
    const tracks = tracksOf([1, 101, 201].map((step) => point(step, 'train', step)));
    expect(columnsOf(tracks, 'loss', view)[1]).toEqual([1, 101, 201]);
    addPoints(tracks, [202, 203].map((step) => point(step, 'train', step)));
    expect(columnsOf(tracks, 'loss', view)[1]).toEqual([1, null, 101, null, 201, 202, 203]);
  });
  it('leaves out of a logarithmic axis what has no logarithm', () => {
    const points = [[0, 3], [1, -2], [2, 0], [3, 5]].map(([step = 0, loss = 0]) => point(step, 'train', loss));
    expect(columnsOf(tracksOf(points), 'loss', { ...view, logX: true, logY: true }).slice(0, 2)).toEqual([[1, 2, 3], [null, null, 5]]);
  });
  it('thins a long run to its extremes, keeping the ends and every point over the whole set', () => {
    const [xs, train, , , whole] = columnsOf(long, 'loss', view, 400);
    expect(xs.length).toBeLessThan(900);
    expect([xs[0], xs.at(-1)]).toEqual([1, LONG]);
    expect([...train ?? []].filter((value) => value === 900 || value === -5)).toEqual([900, -5]);
    expect([...whole ?? []].filter((value) => typeof value === 'number')).toHaveLength(20);
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
  });
  it('shows all points of what is zoomed into, and a neighbour on either side', () => {
    const [xs, train] = columnsOf(long, 'loss', { ...view, zoom: { min: 51_230, max: 51_240 } }, 400);
    expect(xs).toEqual([50_000, ...Array.from({ length: 12 }, (_, i) => 51_229 + i), 55_000]); // the ends are neighbours over the whole set
    expect(train?.[6]).toBe(900);
  });
  it('gives after each event what it would have given at once', () => {
    const all = Array.from({ length: 5000 }, (_, i) => point(i + 1, i % 10 === 9 ? 'test' : 'train', Math.sin(i)));
    const grown = emptyTracks();
    for (let from = 0; from < all.length; from += 37) {
      addPoints(grown, all.slice(from, from + 37));
      columnsOf(grown, 'loss', { ...view, smoothing: 0.9 }, 50);
    }
    expect(columnsOf(grown, 'loss', { ...view, smoothing: 0.9 }, 50)).toEqual(columnsOf(tracksOf(all), 'loss', { ...view, smoothing: 0.9 }, 50));
  });
});

describe('a line', () => {
  it('shows a point that has no neighbour', () => {
    expect(lonely([1, null, undefined, 2, undefined, 3, null, 4])).toEqual([0, 7]);
    expect(lonely([undefined, 5])).toEqual([1]);
    expect(lonely([])).toEqual([]);
  });
  it('marks held-out points only where they stand apart', () => {
    expect(spaced([1, 1, undefined, 1, null, 1], (place) => place * 10, 5)).toEqual([0, 1, 3, 5]);
    expect(spaced([1, 1, undefined, 1, null, 1, 1], (place) => place * 10, 25)).toEqual([0, 3, 6]);
    expect(spaced([], (place) => place, 5)).toEqual([]);
  });
  it('is smoothed as an average whose weights sum to 1', () => {
    expect([...new Smoothed([4, 4, 4], 0.9).grow().values]).toEqual([4, 4, 4].map((value) => expect.closeTo(value, 12) as number));
    expect([...new Smoothed([1, NaN, 3], 0.5).grow().values]).toEqual([1, NaN, expect.closeTo((0.25 * 1 + 0.5 * 3) / 0.75, 12)]);
  });
  it('knows its least value at any length', () => {
    expect(new Extremes([]).least()).toBe(-1);
    expect(new Extremes([NaN, 3, 2, NaN]).least()).toBe(2);
    expect(lineOf(long, 'train', 'loss').extremes.least()).toBe(71_110);
  });
  it('is read at its newest, or next to a place', () => {
    expect(newest(tracksOf(few), 'loss')).toEqual({ trained: 7, heldOut: 6 });
    expect(readAt(long, 'loss', 'step', 51_233.7)).toMatchObject({ at: 51_234, trained: 900 });
    expect(newest(emptyTracks(), 'loss')).toEqual({ trained: undefined, heldOut: undefined });
  });
  it('is written as CSV in full, and read in parts', () => {
    const table = curveTable(tracksOf(few), 'loss');
    expect(csvOf(table)).toBe('step,seconds,training,held-out,"held-out, all"\r\n1,0.1,9,8,\r\n2,0.2,7,,6\r\n');
    expect(thinned(Array.from({ length: 1000 }, (_, i) => i), 3)).toEqual([0, 500, 999]);
  });
});

describe('a range', () => {
  const whole = { min: 0, max: 100 };
  it('is zoomed around a place, within the whole, and ends as all of it', () => {
    expect(zoomed(whole, whole, 0.5, 20)).toEqual({ min: 10, max: 60 });
    expect(zoomed({ min: 0, max: 50 }, whole, 1.5, 0)).toEqual({ min: 0, max: 75 });
    expect(zoomed({ min: 10, max: 60 }, whole, 4, 20)).toBeUndefined();
    const half = zoomed({ min: 1, max: 10_000 }, { min: 1, max: 10_000 }, 0.5, 1, true);
    expect([half?.min, half?.max]).toEqual([expect.closeTo(1, 9), expect.closeTo(100, 9)]);
  });
  it('is moved no further than the whole goes', () => {
    expect(panned({ min: 10, max: 60 }, whole, 0.2)).toEqual({ min: 20, max: 70 });
    expect(panned({ min: 10, max: 60 }, whole, 2)).toEqual({ min: 50, max: 100 });
  });
});

describe('marks', () => {
  it('that would be drawn on one another are one', () => {
    const mark = (step: number): ChartMark => ({ kind: 'change', step, seconds: 0, name: String(step) });
    const clusters = clustered([mark(30), mark(1), mark(4), mark(99)], ({ step }) => (step > 90 ? undefined : step), 9);
    expect(clusters.map(({ left, marks }) => [left, marks.map(({ name }) => name)])).toEqual([[1, ['1', '4']], [30, ['30']]]);
  });
});

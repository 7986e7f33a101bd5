import { describe, expect, it } from 'vitest';
import { placeOf, secondsAt } from '../../../src/protocol/alongAxis';
import { fineTracks, FINE_POINTS } from '../../../src/protocol/fineTracks';
import type { MetricPoint } from '../../../src/protocol/run';
import { lastFinite, Smoothed } from '../../../src/protocol/smoothed';
import { addPoints, emptyTracks, packTracks, thinTracks, unpackTracks, type Tracks } from '../../../src/protocol/tracks';
import { shownRun } from '../../../src/protocol/shownRun';
import { columnsOf } from '../../../src/webview/charts/columns';
import { lineOf } from '../../../src/webview/charts/line';
import { extend, lacking, tracksFor, withPoints } from '../../../src/webview/runPoints';
import { manifestOf } from '../runs/manifestOf';

const point = (step: number, loss: number): MetricPoint => ({ step, epoch: 1, split: 'train', seconds: step / 100, loss, parts: { kl: step === 70_007 ? -9 : 20 }, ...(step % 7 === 0 ? { gradientNorm: Math.cos(step) } : {}) });
const valueAt = (step: number): number => (step === 51_234 ? 900 : step === 51_235 ? -5 : 100 + 50 * Math.sin(step / 9000) + Math.cos(step * step));
const tracksOf = (steps: readonly number[]): Tracks => { const tracks = emptyTracks(); addPoints(tracks, steps.map((step) => point(step, valueAt(step)))); return tracks; };
const stepsTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
const LONG = 120_000;
const long = tracksOf(stepsTo(LONG));
/** As a panel gets them. */
const sent = (...given: Parameters<typeof fineTracks>): Tracks => unpackTracks(packTracks(fineTracks(...given)));
const view = { axis: 'step' as const, logX: false, logY: false, smoothing: 0 };

describe('tracks of a long run', () => {
  it('of a short one are the same', () => {
    const short = tracksOf(stepsTo(100));
    expect(fineTracks(short, { smoothing: 0.9 }).train).toBe(short.train);
  });
  it('have the ends and every spike of every quantity, in few rows', () => {
    const { train } = sent(long, { smoothing: 0 });
    expect(train.length).toBeLessThanOrEqual(FINE_POINTS);
    expect(train.length).toBeGreaterThan(FINE_POINTS / 4);
    expect([train.total, train.steps.at(0), train.steps.at(-1)]).toEqual([LONG, 1, LONG]);
    const steps = [...train.steps];
    expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0))).toBe(true);
    expect(steps).toEqual(expect.arrayContaining([51_234, 51_235, 70_007]));
    expect(steps.map((_, i) => train.columns.get('loss')?.at(i))).toEqual(steps.map(valueAt));
  });
  it.each([300, 600, 1200])('draw the same line, %i pixels wide: between the extremes of each part', (width) => {
    const band = (tracks: Tracks): [number, number][] => {
      const bands = Array.from({ length: width / 4 }, (): [number, number] => [Infinity, -Infinity]);
      const [steps = [], values = []] = columnsOf(tracks, 'loss', view, width);
      steps.forEach((step, i) => {
        const [band, value] = [bands[Math.min(bands.length - 1, Math.floor(step / LONG * bands.length))], values[i]];
        if (band && typeof value === 'number') { band[0] = Math.min(band[0], value); band[1] = Math.max(band[1], value); }
      });
      return bands;
    };
    const whole = band(long);
    band(sent(long, { smoothing: 0 })).forEach(([low, high], i) => {
      expect(Math.abs(low - (whole[i]?.[0] ?? NaN))).toBeLessThan(10); // the sine moves on by as much within a part
      expect(Math.abs(high - (whole[i]?.[1] ?? NaN))).toBeLessThan(10);
    });
  });
  it('show gaps, and no others', () => {
    const torn = tracksOf(stepsTo(LONG).filter((step) => step < 30_000 || step > 45_000));
    const gapsOf = (tracks: Tracks): number[] => {
      const [steps = [], values = []] = columnsOf(tracks, 'loss', view);
      return [...values].flatMap((value, i) => (value === null ? [steps[i] ?? NaN] : []));
    };
    for (const tracks of [torn, sent(torn, { smoothing: 0 }), thinTracks(torn, 2000)]) {
      const [gap = 0, ...others] = gapsOf(tracks);
      expect(Math.abs(gap - 37_500)).toBeLessThan(500);
      expect(others).toEqual([]);
    }
    expect(gapsOf(sent(long, { smoothing: 0 }))).toEqual([]);
  });
  it('have averages of all points, which go on as if all were there', () => {
    const tracks = sent(long, { smoothing: 0.99 });
    const all = new Smoothed(long.train.columns.get('loss') ?? [], 0.99).grow().values;
    const line = lineOf(tracks, 'train', 'loss', 0.99);
    for (const place of [0, 1, 999, tracks.train.length - 1]) expect(line.values.at(place)).toBe(all.at((tracks.train.steps.at(place) ?? 0) - 1));
    const [more, grown] = [[LONG + 1, LONG + 2].map((step) => point(step, 1000)), tracksOf(stepsTo(LONG))];
    addPoints(tracks, more);
    addPoints(grown, more);
    for (const quantity of ['loss', 'gradientNorm']) {
      const [some, whole] = [tracks, grown].map((of) => lastFinite(lineOf(of, 'train', quantity, 0.99).values));
      expect(some).toBeCloseTo(whole ?? NaN, 9);
    }
  });
  it('are smoothed as they came until others come, and not by what they lack', () => {
    expect([...lineOf(sent(long, { smoothing: 0 }), 'train', 'loss', 0.9).values].every(Number.isNaN)).toBe(true);
    const came = sent(long, { smoothing: 0.5 });
    expect(lineOf(came, 'train', 'loss', 0.9)).toBe(lineOf(came, 'train', 'loss', 0.5));
  });
  it('of a part of it have all its rows where they are few, and a neighbour on either side', () => {
    const steps = [...sent(long, { smoothing: 0, range: { axis: 'step', min: 51_000, max: 51_500 } }).train.steps];
    expect(steps).toEqual(stepsTo(502).map((i) => 50_998 + i));
    const seconds = sent(long, { smoothing: 0.9, range: { axis: 'seconds', min: 512.34, max: 512.35 } }, 5000).train;
    expect([...seconds.steps]).toEqual([51_233, 51_234, 51_235]);
    const all = new Smoothed(long.train.columns.get('loss') ?? [], 0.9).grow().values;
    expect(seconds.part?.smoothed?.columns.get('loss')?.values.at(1)).toBe(all.at(51_233));
  });
});

describe('a panel', () => {
  const run = { ...shownRun({ manifest: manifestOf(), marks: [], metrics: [] }), history: { tracks: long } };
  const look = { smoothing: 0 };
  it('asks for what is looked at and not here', () => {
    expect(lacking({}, look)).toBeUndefined();
    expect(lacking({ run: { ...run, history: { tracks: tracksOf([1, 2]) } } }, { smoothing: 0.9, range: { axis: 'step', min: 1, max: 2 } })).toBeUndefined();
    expect(lacking({ run }, { ...look, range: { axis: 'step', min: 1, max: 2 } })).toEqual({ smoothing: 0 }); // it holds more than it should
    const here = withPoints({ run: { ...run, isCoarse: true } }, look, sent(long, look));
    expect(lacking(here, look)).toBeUndefined();
    expect(lacking(here, { smoothing: 0.9 })).toEqual({ smoothing: 0.9 });
    const close = { ...look, range: { axis: 'step', min: 1, max: 500 } } as const;
    expect(lacking(here, close)).toEqual(close);
    const closer = here.run && withPoints({ ...here, run: here.run }, close, sent(long, close));
    expect(closer && lacking(closer, { ...close, range: { ...close.range } })).toBeUndefined();
    expect(closer && lacking(closer, { ...close, range: { ...close.range, max: 400 } })).toMatchObject({ range: { max: 400 } });
    const tracks = here.run?.history.tracks ?? emptyTracks();
    expect(placeOf(tracksFor(tracks, closer?.closeUp, close.range).train.steps, 400)).toBe(399);
    expect(tracksFor(tracks, closer?.closeUp, { ...close.range, max: 400 })).toBe(tracks);
    expect(here.run && withPoints({ run: { ...here.run, isCoarse: true } }, close, sent(long, close)).run?.isCoarse).toBe(true); // the whole is still to come
  });
  it('draws what comes late of the part that is zoomed into', () => {
    const close = { ...look, range: { axis: 'step', min: LONG - 50, max: LONG } } as const;
    const closeUp = { look: close, tracks: sent(long, close) };
    extend(closeUp, [{ ...point(LONG, 5), split: 'test', wholeSet: true }, point(LONG + 1, 5)]);
    expect([closeUp.tracks.whole.steps.at(-1), closeUp.tracks.train.steps.at(-1)]).toEqual([LONG, LONG]);
  });
  it('knows when a step was that it lacks', () => {
    expect(secondsAt(sent(long, look).train, 33_333)).toBeCloseTo(333.33, 9);
    expect([secondsAt(long.train, 0), secondsAt(long.train, LONG + 5), secondsAt(emptyTracks().train, 3)]).toEqual([0.01, LONG / 100, 0]);
  });
  it('keeps no more of a run that goes on for days', () => {
    let here: { run: typeof run } = { run: { ...run, history: { tracks: emptyTracks() } } };
    const everything = emptyTracks();
    let most = 0;
    for (let from = 0; from < 10 * FINE_POINTS; from += 1000) {
      const points = stepsTo(1000).map((i) => point(from + i, valueAt(from + i)));
      for (const tracks of [everything, here.run.history.tracks]) addPoints(tracks, points);
      const asked = lacking(here, look);
      if (asked) here = { ...here, ...withPoints(here, asked, sent(everything, asked)) } as typeof here;
      most = Math.max(most, here.run.history.tracks.train.length);
    }
    expect(everything.train.length).toBe(10 * FINE_POINTS);
    expect(most).toBeLessThanOrEqual(2 * FINE_POINTS + 1000);
    expect(here.run.history.tracks.train.total).toBe(10 * FINE_POINTS);
  });
});

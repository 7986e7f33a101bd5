import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { barsText, latentUse, latentUseText, shapeOf, type LatentUse } from '../../../../src/extension/beside/latentUse';
import { partsText } from '../../../../src/extension/beside/partsText';
import { shownPoint } from '../../../../src/extension/training/shownPoint';
import { pngUriWithin, rowUri } from '../../../../src/extension/beside/pictureUri';
import { Seldom } from '../../../../src/extension/beside/seldom';
import { enlarged, shrunk } from '../../../../src/extension/beside/size';
import type { MetricPoint } from '../../../../src/protocol/run';

const point = (parts: Record<string, number>, loss: number, split: 'train' | 'test' = 'train', step = 1): MetricPoint => ({ step, epoch: 1, split, seconds: 1, loss, parts });
const strip = (count: number, side: number, channels = 1) => ({ count, height: side, width: side, channels, pixels: Uint8Array.from({ length: count * side * side * channels }, (_, i) => (i * 97) % 256) });

describe('samples at the end of a line', () => {
  it('change each second at first, ever more seldom in the hours of a run, and at once where something happened', () => {
    let second = 0;
    const seldom = new Seldom<number>(() => second * 1000);
    const shown: number[] = [];
    for (; second < 2 * 3600; second++) {
      const newest = seldom.of('running', second);
      if (newest !== shown.at(-1)) shown.push(newest);
    }
    expect(shown.slice(0, 101)).toEqual(Array.from({ length: 101 }, (_, i) => i));
    const gaps = shown.slice(1).map((at, i) => at - (shown[i] ?? NaN));
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect([Math.max(...gaps), shown.filter((at) => at < 3600).length]).toEqual([30, 419]);
    expect([seldom.of('running', second), seldom.of('paused', second)]).toEqual([shown.at(-1), second]);
    second++;
    expect([seldom.of('paused', second), seldom.of('running', second)]).toEqual([second, second]);
  });
});

describe('what the code says of a loss', () => {
  it('is its parts with their weights', () => {
    const run = { hyperparameters: { beta: 4 }, partWeights: { reconstruction: 1, kl: 'beta' } };
    expect(partsText(point({ reconstruction: 80.4, kl: 25.5 }, 182.4), run, [])).toBe('reconstruction 80.4 + 4 \u00d7 KL 25.5 = 182.4 nats');
    expect(partsText(point({ reconstruction: 80.4, kl: 25.5 }, 105.9), { ...run, hyperparameters: { beta: 1 } }, [])).toBe('reconstruction 80.4 + KL 25.5 = 105.9 nats');
    expect(partsText(point({ reconstruction: 80.4, kl: 25.5 }, 80.4), { ...run, hyperparameters: { beta: 0 } }, [])).toBe('reconstruction 80.4 + 0 \u00d7 KL 25.5 = 80.4 nats');
  });
  it('has the names that it is given', () => {
    expect(partsText(point({ reconstruction: 80.4, kl: 25.5 }, 105.9), { hyperparameters: {}, partWeights: { reconstruction: 1, kl: 1 } }, [], (name) => `<${name}>`)).toBe('<reconstruction> 80.4 + <kl> 25.5 = 105.9 nats');
  });
  it('keeps apart what does not count, and does not add up what it does not know', () => {
    expect(partsText(point({ reconstruction: 80, kl: 25, capacityGap: 1.5 }, 95), { hyperparameters: { gamma: 10 }, partWeights: { reconstruction: 1, kl: 0, capacityGap: 'gamma' } }, []))
      .toBe('reconstruction 80.0 + 10 \u00d7 capacity gap 1.5 = 95.0 nats \u00b7 KL 25.0');
    expect(partsText(point({ reconstruction: 80, other: 25 }, 95), { hyperparameters: {}, partWeights: { reconstruction: 1 } }, [])).toBe('reconstruction 80.0, other 25.0 \u00b7 95.0 nats');
    expect(partsText(point({ bound: 80 }, 80), { hyperparameters: {} }, [])).toBe('bound 80.0 \u00b7 80.0 nats');
  });
  it('is of the newest held-out point, else of the newest', () => {
    const points = [point({}, 1, 'test', 1), point({}, 2, 'test', 2), point({}, 3, 'train', 3)];
    expect(shownPoint(points)?.step).toBe(2);
    expect(shownPoint(points.slice(2))?.step).toBe(3);
    expect(shownPoint([])).toBeUndefined();
  });
  it('is of the weights of its step, whatever came after', () => {
    const run = { hyperparameters: { beta: 2 }, partWeights: { reconstruction: 1, kl: 'beta' } };
    const mark = (step: number, from: number, to: number) => ({ step, seconds: 1, name: 'beta', from, to });
    const marks = [mark(10, 1, 4), { ...mark(15, 1e-3, 1e-4), name: 'learningRate' }, mark(20, 4, 2)];
    const at = (step: number, loss: number) => partsText(point({ reconstruction: 80, kl: 10 }, loss, 'test', step), run, marks);
    expect([at(9, 90), at(10, 120), at(19, 120), at(20, 100)]).toEqual(['reconstruction 80.0 + KL 10.0 = 90.0 nats', 'reconstruction 80.0 + 4 \u00d7 KL 10.0 = 120.0 nats', 'reconstruction 80.0 + 4 \u00d7 KL 10.0 = 120.0 nats', 'reconstruction 80.0 + 2 \u00d7 KL 10.0 = 100.0 nats']);
    expect(partsText({ ...point({ reconstruction: 80, kl: 10 }, 85, 'test', 9), scheduled: { beta: 0.5 } }, run, marks)).toBe('reconstruction 80.0 + 0.5 \u00d7 KL 10.0 = 85.0 nats');
  });
});

describe('what the code says of a latent space', () => {
  const means = Float32Array.from([1, 0, 0.001, -1, 0, -0.001]); // two examples, three dimensions: the first is used
  it('is how many dimensions are used, and their KL', () => {
    const use = latentUse(means, new Float32Array(6), 3, { kind: 'normal' });
    expect([use.active, use.kl?.map((value) => Number(value.toFixed(3)))]).toEqual([[true, false, false], [0.5, 0, 0]]);
    expect(latentUseText(use, (text, ...values) => text.replace(/\{(\d)\}/g, (_, i: string) => values[Number(i)] ?? ''))).toBe('active 1/3 \u00b7 KL 0.5 nats');
  });
  it('is of a box what it is of the Gaussian that is carried into it, and of a learned prior only of all dimensions together', () => {
    const words = (use: LatentUse, joint?: number): string => latentUseText(use, (text, ...values) => text.replace(/\{(\d)\}/g, (_, i: string) => values[Number(i)] ?? ''), joint);
    const box = shapeOf({ kind: 'uniformBox', kl: 'closed', range: [-1, 1] });
    expect(words(latentUse(Float32Array.of(0, 0), Float32Array.of(Math.log(2 / Math.PI), Math.log(2 / Math.PI)), 2, box))).toBe('active 0/2 \u00b7 KL 0.0 nats');
    const learned = latentUse(means, new Float32Array(6), 3, shapeOf({ kind: 'mixture', kl: 'monteCarlo', range: [-4, 4] }));
    expect([words(learned), words(learned, 12.34)]).toEqual(['active 1/3', 'active 1/3 \u00b7 KL 12.3 nats (Monte Carlo)']);
  });
  it('has a bar a dimension, those that are not used flat and all others above them', () => {
    const bars = (kl: readonly number[], active: readonly boolean[]): string => barsText({ kl, active, variance: [], totalKl: 1 });
    expect(bars([0.9, 0.001, 3.5, 7, 0.8], [true, true, true, true, false])).toBe('\u2582\u2582\u2585\u2588\u2581');
    expect(bars([0, 0], [false, false])).toBe('\u2581\u2581');
    expect(barsText({ kl: undefined, variance: [2, 1], active: [true, true] })).toBe('\u2588\u2585');
    for (const size of [1, 20, 64]) expect(bars(Array.from({ length: size }, (_, i) => i), Array.from({ length: size }, () => true)).length, String(size)).toBe(size);
  });
  it('has a bar of the highest of several dimensions where they are many', () => {
    const kl = Array.from({ length: 500 }, (_, d) => (d === 100 ? 7 : 0));
    const text = barsText({ kl, active: kl.map((value) => value > 0), variance: [], totalKl: 7 });
    expect([text.length, text.indexOf('\u2588'), text.replaceAll('\u2581', '')]).toEqual([63, 12, '\u2588']);
  });
});

describe('pictures in the code', () => {
  it('are as high as fits into a line, pixel by pixel, and as wide as they are many', () => {
    const size = (count: number, side: number, height: number): readonly number[] => {
      const uri = rowUri(strip(count, side), height);
      expect(uri).toMatch(/^data:image\/png;base64,/); // see the soak: a browser keeps a document for each SVG
      const { width, height: tall } = decode(Buffer.from(uri.split(',')[1] ?? '', 'base64'));
      return [width, tall];
    };
    expect([size(16, 28, 17), size(16, 16, 17), size(3, 8, 17), size(2, 256, 17), size(2, 20, 17)]).toEqual([[224, 14], [256, 16], [48, 16], [32, 16], [20, 10]]);
  });
  it('are enlarged to squares', () => {
    expect(enlarged({ count: 1, height: 1, width: 2, channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) }, 2)).toEqual({ count: 1, height: 2, width: 4, channels: 3, pixels: Uint8Array.of(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6) });
  });
  it('shrink by the mean of what each pixel stands for', () => {
    expect(shrunk({ count: 1, height: 2, width: 4, channels: 1, pixels: Uint8Array.of(0, 100, 10, 10, 200, 100, 10, 30) }, 2)).toEqual({ count: 1, height: 1, width: 2, channels: 1, pixels: Uint8Array.of(100, 15) });
    const colour = shrunk({ count: 1, height: 2, width: 2, channels: 3, pixels: Uint8Array.of(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14) }, 2);
    expect([...colour.pixels]).toEqual([6, 7, 8]);
    expect(shrunk(strip(3, 5), 2)).toMatchObject({ count: 3, height: 2, width: 2 });
  });
  it('fit into their share of a hover', () => {
    const uri = pngUriWithin([strip(64, 64, 3)], 8, 70_000);
    expect(uri.length).toBeLessThanOrEqual(70_000);
    expect(decode(Buffer.from(uri.split(',')[1] ?? '', 'base64')).width % 8).toBe(0);
    expect(pngUriWithin([strip(4, 28)], 2, 70_000)).toBe(pngUriWithin([strip(4, 28)], 2, 1e9));
  });
});

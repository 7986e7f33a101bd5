import { describe, expect, it } from 'vitest';
import { one, part } from '../../../src/protocol/images';
import { columnsTiled, joined, stacked } from '../../../src/webview/images/strips';

const strip = { count: 6, height: 1, width: 2, channels: 1, pixels: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51) };

describe('strips of pictures', () => {
  it('are cut and joined', () => {
    expect([...one(strip, 2).pixels]).toEqual([20, 21]);
    expect(joined([part(strip, 0, 2), part(strip, 2, 6)])).toEqual(strip);
  });
  it('stand in rows one above another, each picture above its like', () => {
    const other = { ...strip, pixels: strip.pixels.map((value) => value + 100) };
    expect(stacked([strip, other], 4).map(({ count, pixels }) => [count, pixels[0], pixels.at(-1)])).toEqual([[4, 0, 31], [4, 100, 131], [2, 40, 51], [2, 140, 151]]);
  });
  it('of rows become a picture a column, its rows tiled', () => {
    const tiled = columnsTiled(strip, 2); // three rows of two: two by two tiles, the last empty
    expect([tiled.count, tiled.height, tiled.width]).toEqual([2, 2, 4]);
    expect([...tiled.pixels]).toEqual([0, 1, 20, 21, 40, 41, 0, 0, 10, 11, 30, 31, 50, 51, 0, 0]);
  });
});

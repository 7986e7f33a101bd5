import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodePicture, withChannels } from '../../../src/host/datasets/picture';
import { cropTo, resize } from '../../../src/host/datasets/resize';
import { expected, picture, range } from './places';

const read = (name: string) => decodePicture(readFileSync(picture(name)));
const farthest = (a: ArrayLike<number>, b: readonly number[]): number => (a.length === b.length ? Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? NaN)))) : Infinity);

describe('decodePicture', () => {
  it.each([['grey', 1, 0], ['colour', 3, 0], ['greyAlpha', 1, 1], ['colourAlpha', 3, 1], ['palette', 3, 0], ['oneBit', 1, 0], ['sixteenBit', 1, 0]] as const)('reads a %s PNG as Pillow does', (name, channels, tolerance) => {
    const made = read(`${name}.png`);
    expect([made.height, made.width, made.channels]).toEqual([9, 7, channels]);
    expect(farthest(made.data, expected.pictures[name] ?? [])).toBeLessThanOrEqual(tolerance);
  });
  it.each([['colour', 3], ['grey', 1]] as const)('reads a %s JPEG nearly as Pillow does', (name, channels) => {
    const made = read(`${name}.jpg`);
    expect([made.height, made.width, made.channels]).toEqual([27, 21, channels]);
    expect(farthest(made.data, expected.pictures[`${name}Jpeg`] ?? [])).toBeLessThanOrEqual(3); // decoders round their transform each in their way
  });
  it('says what is wrong with a file', () => {
    const png = readFileSync(picture('colour.png'));
    const flipped = Buffer.from(png);
    flipped[30] = (flipped[30] ?? 0) ^ 255;
    expect(() => decodePicture(flipped)).toThrow(/CRC mismatch/);
    const broken = Buffer.from(png);
    broken[50] = (broken[50] ?? 0) ^ 255;
    expect(() => decodePicture(broken)).toThrow(/^its data cannot be unpacked: \S/);
    const jpeg = readFileSync(picture('colour.jpg'));
    for (const file of [png, jpeg]) for (let length = 1; length < file.length - 16; length += 3) expect(() => decodePicture(file.subarray(0, length)), `${length} bytes`).toThrow();
    expect(() => decodePicture(new Uint8Array(0))).toThrow('it is empty');
    expect(() => decodePicture(Buffer.from('GIF89a'))).toThrow('it is neither a PNG nor a JPEG');
    const huge = Buffer.from(png);
    huge.writeUInt32BE(20_000, 16);
    huge.writeUInt32BE(20_000, 20);
    expect(() => decodePicture(huge)).toThrow('it has more than 100 megapixels');
    expect(() => decodePicture(readFileSync('test/fuzz/seeds/picture/unpacks-to-much.png'))).toThrow('it holds more than its header says');
  });
  it('makes grey of colours by their brightness, and colours of grey', () => {
    expect([...withChannels(read('colour.png'), 1).data]).toEqual(expected.luma);
    expect([...withChannels({ height: 1, width: 2, channels: 1, data: Uint8Array.of(3, 200) }, 3).data]).toEqual([3, 3, 3, 200, 200, 200]);
  });
});

describe('resize', () => {
  it.each(expected.resized)('brings $picture to $height x $width as Pillow does', ({ picture: name, height, width, values }) => {
    expect(farthest(resize(read(`${name}.png`), height, width).data, values)).toBeLessThanOrEqual(1); // Pillow rounds between the two directions
  });
  it('averages noise as Pillow does', () => {
    expect(farthest(resize({ height: 16, width: 13, channels: 1, data: Uint8Array.from(expected.noise.values) }, 5, 6).data, expected.noise.resized)).toBeLessThanOrEqual(1);
  });
  it('cuts the middle out', () => {
    const wide = { height: 2, width: 5, channels: 1 as const, data: Uint8Array.from(range(10)) };
    expect(cropTo(wide, 4, 6)).toEqual({ height: 2, width: 3, channels: 1, data: Uint8Array.of(1, 2, 3, 6, 7, 8) });
    expect(cropTo(wide, 2, 5)).toBe(wide);
  });
});

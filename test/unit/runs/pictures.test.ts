import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gridPng, PictureError, readStripPng, stripPng } from '../../../src/runs/pictures';
import { RunDirectory } from '../../../src/runs/runDirectory';

const strip = (count: number, channels: number) => ({ count, height: 4, width: 3, channels, pixels: Uint8Array.from({ length: count * 12 * channels }, (_, i) => (i * 7) % 256) });

describe('pictures', () => {
  it.each([1, 3])('come back from a strip as they were (%i channels)', (channels) => {
    expect(readStripPng(stripPng(strip(5, channels)), 4)).toEqual(strip(5, channels));
  });
  it('stand in rows in a grid', () => {
    const png = Buffer.from(gridPng([strip(5, 1), strip(2, 1)], 3));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([9, 12]);
    expect(() => gridPng([], 3)).toThrow('no picture');
  });
  it('of a run are read again whole, or not at all', async () => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-'));
    const directory = new RunDirectory(dir);
    expect(await directory.readImages()).toBeUndefined();
    const images = { step: 7, originals: strip(2, 1), reconstructions: strip(2, 1), samples: strip(4, 1) };
    await directory.writeImages(images);
    expect(await directory.readImages()).toEqual(images);
    await Promise.all([8, 9, 10].map((step) => directory.writeImages({ ...images, step }))); // those of a person beside those of training
    expect(await directory.readImages()).toEqual({ ...images, step: 10 });
    await rm(path.join(dir, 'images', 'samples.png'));
    expect(await directory.readImages()).toBeUndefined();
    await rm(dir, { recursive: true });
  });
  it('that would unpack to any size are refused before they do', () => {
    const chunk = (type: string, data: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, 0].map((_, i) => (data.length >>> (24 - 8 * i)) & 0xff)), Buffer.from(type), data, Buffer.alloc(4)]);
    const png = (width: number, height: number, data: Buffer): Buffer => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
      header[8] = 8;
      return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', deflateSync(data)), chunk('IEND', Buffer.alloc(0))]);
    };
    expect(readStripPng(png(4, 4, Buffer.alloc(20)), 4).pixels.length).toBe(16);
    const before = process.resourceUsage().maxRSS;
    for (const [width, height, data] of [[4, 4, Buffer.alloc(300e6)], [60_000, 60_000, Buffer.alloc(100)], [1, 2 ** 31 - 4, Buffer.alloc(100)], [4, 4, Buffer.alloc(19)]] as const) expect(() => readStripPng(png(width, height, data), 4)).toThrow(PictureError);
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(450); // making the first takes 300
  });
});

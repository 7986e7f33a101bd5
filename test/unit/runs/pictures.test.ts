import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gridPng, readStripPng, stripPng } from '../../../src/runs/pictures';
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
    await rm(path.join(dir, 'images', 'samples.png'));
    expect(await directory.readImages()).toBeUndefined();
    await rm(dir, { recursive: true });
  });
});

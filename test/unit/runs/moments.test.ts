import { appendFile, mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Moments } from '../../../src/runs/moments';

let dir: string;
beforeEach(async () => { dir = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(dir, { recursive: true }));

const strip = (count: number, value: number, channels = 1) => ({ count, height: 2, width: 3, channels, pixels: new Uint8Array(count * 6 * channels).fill(value) });
const seen = (value: number, channels = 1) => ({ originals: strip(2, 9, channels), reconstructions: strip(2, value, channels), samples: strip(3, value + 1, channels), means: Float32Array.of(value, -1, 0.5, 2), latentDim: 2, labels: [0, 1] });
const moment = (step: number) => ({ step, seconds: step / 10, klNats: [1.5, 0.25] });

describe('moments', () => {
  for (const channels of [1, 3]) {
    it(`come back as they were written, of ${channels} channels`, async () => {
      const moments = new Moments(dir);
      await moments.write(moment(1), seen(5, channels));
      await moments.write(moment(8), seen(7, channels));
      expect(await moments.list()).toEqual([moment(1), moment(8)]);
      expect(await new Moments(dir).read(8)).toEqual({ step: 8, ...seen(7, channels) });
      expect(await moments.read(1)).toEqual({ step: 1, ...seen(5, channels) });
    });
  }
  it('are none where nothing was recorded', async () => {
    expect(await new Moments(dir).list()).toEqual([]);
  });
  it('leave out a torn line, and keep the later one of a step', async () => {
    const moments = new Moments(dir);
    await moments.write(moment(8), seen(5));
    await moments.write({ ...moment(8), seconds: 3 }, seen(6));
    await appendFile(path.join(dir, 'moments', 'index.jsonl'), '{"step":9,"sec');
    expect(await moments.list()).toEqual([{ ...moment(8), seconds: 3 }]);
    expect((await moments.read(8)).means[0]).toBe(6);
  });
  it('say so where a picture is missing or cut short', async () => {
    const moments = new Moments(dir);
    await moments.write(moment(1), seen(5));
    await moments.write(moment(2), seen(5));
    await rm(path.join(dir, 'moments', 'step-1.png'));
    await truncate(path.join(dir, 'moments', 'step-2.f32'), 7);
    await expect(moments.read(1)).rejects.toThrow('What was recorded at step 1 is missing or damaged.');
    await expect(moments.read(2)).rejects.toThrow('What was recorded at step 2 is missing or damaged.');
  });
  it('after a step are forgotten', async () => {
    const moments = new Moments(dir);
    for (const step of [1, 2, 4]) await moments.write(moment(step), seen(step));
    await moments.forgetAfter(2);
    expect((await moments.list()).map(({ step }) => step)).toEqual([1, 2]);
    expect((await readdir(path.join(dir, 'moments'))).filter((name) => name.includes('step-4'))).toEqual([]);
  });
});

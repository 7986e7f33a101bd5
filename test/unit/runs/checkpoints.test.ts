import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Checkpoints, damageNotice } from '../../../src/runs/checkpoints';
import { DamagedFileError, decodeSafetensors, encodeSafetensors } from '../../../src/runs/safetensors';

const tensors = [{ name: 'a', shape: [2, 1], data: Float32Array.of(1.5, -0) }, { name: 'b', shape: [], data: Float32Array.of(NaN) }];
let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(folder, { recursive: true }));
const file = (step: number) => path.join(folder, `step-${step}.safetensors`);
const write = async (checkpoints: Checkpoints, ...steps: number[]) => { for (const step of steps) await checkpoints.write({ step, tensors, trainer: `{"step":${step}}` }); };

describe('safetensors', () => {
  it('come back bit for bit', () => {
    expect(decodeSafetensors(encodeSafetensors(tensors, { step: '3' }))).toEqual({ tensors, metadata: { step: '3' } });
  });
  it('are refused when cut short', () => {
    const bytes = encodeSafetensors(tensors, {});
    for (const length of [0, 7, 20, bytes.length - 1]) expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(DamagedFileError);
  });
  it('are refused whichever bit is wrong', () => {
    const bytes = encodeSafetensors(tensors, { trainer: '{"step":3}' });
    const taken: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        decodeSafetensors(damaged);
        taken.push(bit);
      } catch (error) { expect(error).toBeInstanceOf(DamagedFileError); }
    }
    // Without its name the checksum is not one; what it stands for is as it was written.
    const name = bytes.indexOf('sha256') * 8;
    expect(taken.filter((bit) => bit < name || bit >= name + 6 * 8)).toEqual([]);
  });
  it('without a checksum are read, as other programs write them', () => {
    const header = JSON.stringify({ w: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } });
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    expect(decodeSafetensors(Buffer.concat([length, Buffer.from(header), Buffer.from(Float32Array.of(2).buffer)])).tensors).toEqual([{ name: 'w', shape: [1], data: Float32Array.of(2) }]);
  });
  it('do not name the same bytes twice, which could ask for any memory', () => {
    const header = JSON.stringify(Object.fromEntries(['a', 'b'].map((name) => [name, { dtype: 'F32', shape: [1], data_offsets: [0, 4] }])));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    expect(() => decodeSafetensors(Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]))).toThrow(/not understood/);
  });
});

describe('checkpoints', () => {
  it('kept are the newest two, the best, and one every so many steps', async () => {
    const checkpoints = new Checkpoints(folder);
    await write(checkpoints, 9, 10, 11, 12, 20, 25);
    await checkpoints.prune({ best: 11, every: 10, also: new Set([9]) });
    expect(await checkpoints.steps()).toEqual([25, 20, 11, 10, 9]);
    await checkpoints.prune({});
    expect(await checkpoints.steps()).toEqual([25, 20]);
  });
  it('say which was the best', async () => {
    const checkpoints = new Checkpoints(folder);
    await checkpoints.write({ step: 3, tensors, trainer: '{}', best: { step: 2, loss: 1.5 } });
    expect(await checkpoints.read(3)).toEqual({ step: 3, tensors, trainer: '{}', best: { step: 2, loss: 1.5 } });
  });
  it('damaged are passed over for the one before, and named', async () => {
    const checkpoints = new Checkpoints(folder);
    await write(checkpoints, 9, 10, 11);
    await truncate(file(11), 40);
    const bytes = await readFile(file(10));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file(10), bytes);
    const { checkpoint, damaged } = await checkpoints.newest();
    expect([checkpoint?.step, damaged]).toEqual([9, [11, 10]]);
    expect(damageNotice(damaged, 9)).toBe('The checkpoint of step 11 is damaged; that of step 9 is used.');
    expect(damageNotice([], 9)).toBeUndefined();
  });
  it('that cannot be read for now do not pass for damaged', async () => {
    const checkpoints = new Checkpoints(folder);
    await write(checkpoints, 9);
    await mkdir(file(10)); // whose reading fails, also for root
    await expect(checkpoints.newest()).rejects.toThrow(/EISDIR/);
  });
});

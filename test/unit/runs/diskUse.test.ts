import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deletePrepared, downloadsUse, preparedUse } from '../../../src/runs/diskUse';

let data: string;
const gone = 2 ** 22 + 1; // above the largest id of a process on Linux
beforeEach(async () => {
  data = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-disk-'));
  await mkdir(path.join(data, 'prepared'));
  const [digest, other] = ['0123456789abcdef'.repeat(2), 'f'.repeat(32)];
  const files = { [`${digest}.rows`]: 1000, [`${digest}.json`]: 10, [`${other}.rows.${gone}.part`]: 300, [`${other}.rows.${process.pid}.part`]: 7, 'mine.rows': 50 };
  for (const [name, size] of Object.entries(files)) await writeFile(path.join(data, 'prepared', name), new Uint8Array(size));
  await mkdir(path.join(data, 'mnist'));
  await writeFile(path.join(data, 'mnist', 'images.gz'), new Uint8Array(2000));
});
afterEach(() => rm(data, { recursive: true, force: true }));

describe('data sets on disk', () => {
  it('are told apart: what is made again, and what was downloaded', async () => {
    expect(await preparedUse(data)).toEqual({ folder: path.join(data, 'prepared'), count: 1, bytes: 1310 });
    expect(await downloadsUse(data)).toBe(2000);
    expect(await preparedUse(path.join(data, 'none'))).toMatchObject({ count: 0, bytes: 0 });
  });
  it('lose what is made again, but for what is being made and what is somebody\'s own', async () => {
    await deletePrepared(data);
    expect((await readdir(path.join(data, 'prepared'))).sort()).toEqual([`${'f'.repeat(32)}.rows.${process.pid}.part`, 'mine.rows']);
    expect(await downloadsUse(data)).toBe(2000);
  });
});

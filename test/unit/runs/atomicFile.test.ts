import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeAtomically } from '../../../src/runs/atomicFile';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return { ...real, rename: vi.fn(real.rename) };
});
let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(folder, { recursive: true }));

describe('on Windows', () => {
  const held = Object.assign(new Error('held'), { code: 'EPERM' });
  const onWindows = (): void => { vi.stubGlobal('process', { ...process, platform: 'win32', pid: process.pid }); };
  afterEach(() => { vi.unstubAllGlobals(); vi.mocked(rename).mockReset(); });
  it('a file that a virus scanner reads is replaced when it lets go', async () => {
    onWindows();
    vi.mocked(rename).mockRejectedValueOnce(held).mockRejectedValueOnce(held);
    await writeAtomically(path.join(folder, 'run.json'), 'new');
    expect([await readFile(path.join(folder, 'run.json'), 'utf8'), vi.mocked(rename).mock.calls.length]).toEqual(['new', 3]);
  });
  it('one that is never let go, or fails otherwise, says so, and leaves nothing aside', async () => {
    onWindows();
    vi.mocked(rename).mockRejectedValue(held);
    await expect(writeAtomically(path.join(folder, 'run.json'), 'new')).rejects.toThrow('held');
    vi.mocked(rename).mockReset().mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    await expect(writeAtomically(path.join(folder, 'run.json'), 'new')).rejects.toThrow('full');
    expect([vi.mocked(rename).mock.calls.length, await readdir(folder)]).toEqual([1, []]);
  });
});

describe.skipIf(process.platform === 'win32')('a file of a run\'s folder that somebody else has put there as a link', () => {
  it.each([['itself', 'run.json'], ['as it is written aside', `run.json.${process.pid}.tmp`]])('is not followed out of the folder: %s', async (_, name) => {
    const outside = path.join(folder, 'outside');
    await writeFile(outside, 'mine');
    await symlink(outside, path.join(folder, name));
    await writeAtomically(path.join(folder, 'run.json'), 'new');
    expect([await readFile(outside, 'utf8'), await readFile(path.join(folder, 'run.json'), 'utf8'), (await readdir(folder)).sort()]).toEqual(['mine', 'new', ['outside', 'run.json']]);
  });
});

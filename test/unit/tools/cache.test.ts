import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-cache-'));
process.env['VAE_LAB_CACHE'] = top;
const { cached } = await import('../../../scripts/tools/cache.mjs');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
vi.spyOn(console, 'error').mockImplementation(() => undefined);

describe('a tool that is set up once', () => {
  it('is installed by one of those that want it at once', async () => {
    const installed: number[] = [];
    const folders = await Promise.all([1, 2, 3].map((each) => cached('tool', 'a tool', (folder) => {
      installed.push(each);
      writeFileSync(path.join(folder, 'made'), '');
      return Promise.resolve();
    })));
    expect([installed, new Set(folders), existsSync(path.join(top, 'tool', 'made')), existsSync(path.join(top, 'tool.lock'))]).toEqual([[1], new Set([path.join(top, 'tool')]), true, false]);
  });

  it.each([['whose process is gone', '999999999'], ['that was ended before it said who it is', '']])('is installed over a lock %s', async (_, owner) => {
    const [name, lock] = [`tool${owner}`, path.join(top, `tool${owner}.lock`)];
    rmSync(path.join(top, name), { recursive: true, force: true });
    writeFileSync(lock, owner);
    utimesSync(lock, 1, 1);
    await cached(name, 'a tool', () => Promise.resolve());
    expect([existsSync(path.join(top, name)), existsSync(lock)]).toEqual([true, false]);
  });

  it('that fails is not there, and can be installed then', async () => {
    await expect(cached('broken', 'a tool', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    await cached('broken', 'a tool', () => Promise.resolve());
    expect(existsSync(path.join(top, 'broken.partial'))).toBe(false);
  });
});

import { spawn } from 'node:child_process';
import { buildSync } from 'esbuild';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../src/components/lock';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-lock-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
let lock: string;
beforeEach(() => { lock = path.join(mkdtempSync(path.join(top, 'l-')), 'x.lock'); });
const hold = (holder: object): void => { writeFileSync(lock, JSON.stringify(holder)); };

describe('the lock', () => {
  it('lets one process in at a time, after a holder that is gone too', async () => {
    const script = path.join(path.dirname(lock), 'adder.js');
    // Each adds one to the file twenty times by reading and writing it, which loses counts unless it is alone.
    const source = `import { withLock } from './src/components/lock'; import { readFileSync, writeFileSync } from 'node:fs';
      const [, , lock = '', file = ''] = process.argv;
      (async () => { for (let i = 0; i < 20; i++) await withLock(lock, async () => { const n = Number(readFileSync(file, 'utf8')); await new Promise(setImmediate); writeFileSync(file, String(n + 1)); }, { beatMs: 500 }); })();`; // a holder that a busy machine holds up for six seconds is taken for gone
    buildSync({ stdin: { contents: source, resolveDir: process.cwd(), loader: 'ts' }, bundle: true, platform: 'node', target: 'node20', outfile: script, logLevel: 'silent' });
    const file = path.join(path.dirname(lock), 'count');
    writeFileSync(file, '0');
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => { gone.on('close', resolve); });
    hold({ pid: gone.pid, host: os.hostname() });
    const codes = await Promise.all(Array.from({ length: 4 }, () => new Promise((resolve) => { spawn(process.execPath, [script, lock, file], { stdio: 'inherit' }).on('close', resolve); })));
    expect([codes, readFileSync(file, 'utf8')]).toEqual([[0, 0, 0, 0], '80']);
    expect(readdirSync(path.dirname(lock)).sort()).toEqual(['adder.js', 'count']);
  });
  it('waits for a holder that lives, here or on another machine, and says so once', async () => {
    for (const holder of [{ pid: process.pid, host: os.hostname() }, { pid: 1, host: 'elsewhere' }]) {
      hold(holder);
      let waited = 0;
      await withLock(lock, () => Promise.resolve(), { beatMs: 20_000, onWait: () => { waited++; rmSync(lock); } });
      expect(waited).toBe(1);
    }
  });
  it('is taken from a holder that did not touch it for long, whose end does not free it then', async () => {
    hold({ pid: 1, host: 'elsewhere' });
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(lock, longAgo, longAgo);
    await withLock(lock, async () => {
      hold({ pid: 2, host: 'thief' });
      await Promise.resolve();
    });
    expect(existsSync(lock)).toBe(true);
  });
  it('is freed when the work fails, and can be given up while waiting', async () => {
    await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
    hold({ pid: process.pid, host: os.hostname() });
    const cancel = new AbortController();
    await expect(withLock(lock, () => Promise.resolve(), { signal: cancel.signal, onWait: () => { cancel.abort(); } })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

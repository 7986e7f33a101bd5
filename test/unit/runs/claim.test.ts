import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claim, ClaimedError } from '../../../src/runs/claim';
import { processStart, UNKNOWN_START } from '../../../src/runs/processStart';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(folder, { recursive: true }));
const serving = () => Promise.resolve(true);
const leaving = () => Promise.resolve(false);

describe('a claim', () => {
  it('is one process\'s, until it is given up', async () => {
    const file = path.join(folder, 'run.claim');
    const release = await claim(file, serving);
    await expect(claim(file, serving)).rejects.toThrow(ClaimedError);
    const next = claim(file, leaving); // waits for one that leaves
    await release();
    await (await next)();
    expect(await readdir(folder)).toEqual([]);
  });
  it('of a process that was killed is taken over by one of many', async () => {
    const file = path.join(folder, 'run.claim');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await writeFile(file, JSON.stringify({ pid: child.pid, start: processStart(child.pid ?? 0) }));
    await expect(claim(file, serving)).rejects.toThrow(ClaimedError);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = await Promise.allSettled(Array.from({ length: 20 }, () => claim(file, serving)));
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ pid: process.pid, start: processStart(process.pid) });
  });
  it('does not pass to a program that got the same pid', async () => {
    const file = path.join(folder, 'run.claim');
    await writeFile(file, JSON.stringify({ pid: process.pid, start: 'another day' }));
    await claim(file, serving);
  });
  it('from before the system was started does not pass to a program that has the same pid where the system tells no more of it', async () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin', kill: process.kill.bind(process), pid: process.pid });
    try {
      const file = path.join(folder, 'run.claim');
      const release = await claim(file, serving);
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ pid: process.pid, start: UNKNOWN_START });
      await expect(claim(file, serving)).rejects.toThrow(ClaimedError);
      const before = new Date(Date.now() - os.uptime() * 1000 - 3_600_000);
      await utimes(file, before, before);
      await (await claim(file, serving))();
      await release();
    } finally { vi.unstubAllGlobals(); }
  });
  it('half written by a kill is cleared in time', async () => {
    const file = path.join(folder, 'run.claim');
    await writeFile(file, '{"pi');
    await writeFile(`${file}.clearing`, '');
    await expect(claim(file, serving)).rejects.toThrow(ClaimedError);
    const before = new Date(Date.now() - 60_000);
    for (const old of [file, `${file}.clearing`]) await utimes(old, before, before);
    await claim(file, leaving);
  });
});

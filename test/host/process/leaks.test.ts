import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRun } from '../../../src/client/hosts';
import { findHost, type Endpoint } from '../../../src/runs/registry';
import { filesIn, hostProcesses } from '../../soak/hostProcesses';
import { gone, hosts, kill, model, place, reached } from './running';

const self = hosts();
const { start } = self;
/** The folders in which hosts put what is not of a run; each test finds them empty, and leaves them so. */
const at = (name: string): string => path.join(self.top, name);
beforeAll(() => {
  for (const name of ['runtime', 'tmp']) mkdirSync(at(name), { mode: 0o700 });
  Object.assign(process.env, { XDG_RUNTIME_DIR: at('runtime'), TMPDIR: at('tmp') });
  delete process.env['ORT_DISABLE_TELEMETRY']; // a host sets it for itself
});
const left = (): string[] => ['runtime', 'tmp', 'state/hosts', 'state/scratch'].flatMap((name) => filesIn(at(name)));
const processes = (): number[] => hostProcesses(at('state'), { helpers: true });
const hostOf = async (runId: string): Promise<Endpoint> => {
  const host = await findHost(runId);
  if (!host) throw new Error('There is no host.');
  return host;
};
/** Its oracle never ends, as a model file may do. */
const slowToCompare = model(100_000, 'if ((process.argv[2] ?? \'\').includes(\'"oracle"\')) for (;;);').replaceAll('units: 16', 'units: 17');

describe.skipIf(process.platform !== 'linux')('nothing is left', () => {
  const nothing = (): Promise<void> => expect.poll(() => [processes(), left()], { interval: 50 }).toEqual([[], []]);

  it('of a run that was shown, stopped and told to end, whose folder is deleted', async () => {
    const run = await start(model(100_000), { engine: 'compiled' });
    await reached(run, 'running');
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    const closed = gone(run);
    await run.api.request('shutdown', {});
    await closed;
    await nothing();
    const viewer = await openRun({ ...place, dir: run.dir, runId: run.runId });
    await viewer.api.request('sample', { count: 1, seed: 1 });
    const left = gone(viewer);
    await viewer.api.request('shutdown', {});
    await left;
    await rm(run.dir, { recursive: true });
    await nothing();
  });

  it('of a run that is through, when its process is told to end by a signal: it waits for nobody', async () => {
    const run = await start(model(2));
    await reached(run, 'completed');
    process.kill((await hostOf(run.runId)).pid, 'SIGTERM'); // while somebody is connected
    await nothing();
  });

  it('of a run that is through, when who is connected has asked nothing for long, but for what is being worked on; who asks again has a host', async () => {
    process.env['VAE_LAB_SILENT_MS'] = '700';
    const run = await start(model(100_000));
    const left = gone(run);
    await reached(run, 'running');
    await run.api.request('stop', {});
    await reached(run, 'stopped');
    expect((await run.api.request('evaluate', { examples: 64, k: 5000 })).evaluation.seconds).toBeGreaterThan(0.7); // as long as nobody may be silent
    await left;
    await nothing();
    delete process.env['VAE_LAB_SILENT_MS'];
    const viewer = self.keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    expect((await viewer.api.request('manifest', {})).state.kind).toBe('stopped');
  });

  it('of a host that is killed while another process computes gradients for it, and never would end', async () => {
    const run = await start(slowToCompare, { engine: 'compiled' });
    await reached(run, 'running');
    await expect.poll(() => [processes().length, filesIn(at('state/scratch')).length > 0]).toEqual([2, true]);
    const { socket } = await hostOf(run.runId);
    await kill(run);
    await expect.poll(() => [processes(), filesIn(at('state/scratch')), filesIn(at('tmp'))]).toEqual([[], [], []]);
    const next = await start(model(2)); // which clears away what a killed process could not
    expect(existsSync(socket)).toBe(false);
    await reached(next, 'completed');
  });

  it('of a host and its helper that were killed together, when the next begins', async () => {
    const run = await start(slowToCompare, { engine: 'compiled' });
    await expect.poll(() => [processes().length, filesIn(at('state/scratch')).length > 0]).toEqual([2, true]);
    for (const pid of processes()) process.kill(pid, 'SIGSTOP'); // neither sees the other go
    for (const pid of processes()) process.kill(pid, 'SIGKILL');
    await expect.poll(processes).toEqual([]);
    expect(filesIn(at('state/scratch'))).not.toEqual([]);
    run.close();
    const next = await start(model(2));
    await reached(next, 'completed');
    expect(filesIn(at('state/scratch'))).toEqual([]);
  });
});

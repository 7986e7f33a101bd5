import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openRun } from '../../../src/client/hosts';
import { takenUp } from '../../../src/client/resumeRun';
import { findCompiler } from '../../../src/components/compileBinding';
import { inspectTensorflow } from '../../../src/components/tensorflow';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { hasTensorflow } from '../engines/available';
import { gone, hosts, model, place, reached, step } from './running';

const component = hasTensorflow && process.platform === 'linux' ? await inspectTensorflow() : undefined;
const LIMIT_S = 6;

/** TensorFlow's own library, on the processor, but for a call that never returns while a file is there: a card's driver stands still like that. */
describe.skipIf(component?.kind !== 'installed')('a driver that hangs in the training process', () => {
  const host = hosts();
  let preloaded = '';
  beforeAll(async () => {
    const lib = path.join(component?.kind === 'installed' ? component.folder : '', 'deps', 'lib');
    const library = readdirSync(lib).find((name) => /^libtensorflow(_cc)?\.so/.test(name)) ?? '';
    const code = path.join(host.top, 'hangs.cc');
    preloaded = path.join(host.top, 'hangs.so');
    writeFileSync(code, `#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>
extern "C" void TF_SessionRun(void *session, void *options, void *inputs, void *values, int ins, void *outputs, void *got, int outs, void *targets, int count, void *metadata, void *status) {
  while (access(getenv("HANG_WHILE"), F_OK) == 0) pause();
  static auto real = (decltype(&TF_SessionRun))dlsym(dlopen(${JSON.stringify(path.join(lib, library))}, RTLD_NOLOAD | RTLD_NOW), "TF_SessionRun");
  real(session, options, inputs, values, ins, outputs, got, outs, targets, count, metadata, status);
}
`);
    expect(spawnSync(await findCompiler() ?? '', ['-shared', '-fPIC', code, '-o', preloaded, '-ldl'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  afterEach(() => { vi.unstubAllEnvs(); });
  const hang = (): { begin(): void } => {
    const file = path.join(host.top, 'hang');
    rmSync(file, { force: true });
    vi.stubEnv('LD_PRELOAD', preloaded);
    vi.stubEnv('HANG_WHILE', file);
    vi.stubEnv('VAE_LAB_DEVICE_MS', String(LIMIT_S * 1000));
    return { begin: () => { writeFileSync(file, ''); } };
  };

  it('has another process go on from the last checkpoint, without that engine, which is said; every step is there once', async () => {
    const device = hang();
    const run = await host.start(model(100_000), { engine: 'tensorflow' });
    const directory = new RunDirectory(run.dir);
    await reached(run, 'running');
    for (let saved = 0; saved === 0; saved = (await directory.checkpoints.steps()).length) await new Promise((resolve) => { setImmediate(resolve); });
    const closed = gone(run);
    device.begin();
    await closed;
    expect(await directory.readManifest()).toMatchObject({ lost: { engine: 'tensorflow', why: `The graphics driver did not answer for ${LIMIT_S} s.` } });
    const next = await takenUp({ dir: run.dir, id: run.runId });
    if (!next) throw new Error('Nobody goes on.');
    host.keep(next);
    await reached(next, 'running');
    const { manifest } = await next.api.request('snapshot', {});
    const from = /checkpoint of step (\d+)/.exec(manifest.engineNotice ?? '')?.[1] ?? '';
    expect(manifest).toMatchObject({ engine: 'compiled', engineNotice: `The graphics driver did not answer for ${LIMIT_S} s. Training went on from the checkpoint of step ${from}. Training runs on engine "compiled" instead, which is slower.` });
    expect(manifest.lost).toBeUndefined();
    expect(Number(from)).toBeGreaterThan(0);
    await step(next, Number(from) + 20);
    await next.api.request('stop', {});
    await reached(next, 'stopped');
    const steps = (await directory.readMetrics()).filter(({ split }) => split === 'train').map((point) => point.step);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  }, 300_000);

  it('before anything was saved has it begin again', async () => {
    const device = hang();
    vi.stubEnv('VAE_LAB_SAVE_MS', '600000');
    const run = await host.start(model(100_000).replace('trainCount: 192', 'trainCount: 30000'), { engine: 'tensorflow' });
    await step(run, 3);
    const closed = gone(run);
    device.begin();
    await closed;
    const next = await takenUp({ dir: run.dir, id: run.runId });
    if (!next) throw new Error('Nobody goes on.');
    host.keep(next);
    await reached(next, 'running');
    expect((await next.api.request('manifest', {})).engineNotice).toBe(`The graphics driver did not answer for ${LIMIT_S} s. What it had trained is discarded. Training runs on engine "compiled" instead, which is slower.`);
    await step(next, 1);
  }, 300_000);

  it('while a run that has ended is looked at leaves the run as it is', async () => {
    const device = hang();
    const run = await host.start(model(3), { engine: 'tensorflow' });
    await reached(run, 'completed');
    device.begin();
    await expect(run.api.request('sample', { count: 4, seed: 1 })).rejects.toThrow('The training host is gone.');
    const manifest = await new RunDirectory(run.dir).readManifest();
    expect([manifest.state, manifest.lost?.engine]).toEqual([{ kind: 'completed' }, 'tensorflow']);
    const viewer = host.keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    expect((await viewer.api.request('sample', { count: 4, seed: 1 })).count).toBe(4); // on another engine
  }, 300_000);

  it('ends with Ctrl-C in the terminal, also where another process has gone on by then', async () => {
    const device = hang();
    writeFileSync(host.modelFile, model(100_000));
    const child = spawn(process.execPath, [path.resolve('bin/vae-lab.js'), 'train', host.modelFile, '--engine', 'tensorflow', '--out', path.join(host.top, 'ended')], { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    const runs = path.join(host.top, 'ended');
    const saved = (): string | undefined => (existsSync(runs) ? readdirSync(runs).find((id) => existsSync(path.join(runs, id, 'checkpoints')) && readdirSync(path.join(runs, id, 'checkpoints')).some((name) => name.endsWith('.safetensors'))) : undefined);
    while (!saved()) await new Promise((resolve) => { setImmediate(resolve); });
    device.begin();
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect((await new RunDirectory(path.join(runs, saved() ?? '')).readManifest()).state.kind).toBe('interrupted');
  }, 300_000);

  it('is told in the terminal, which follows the run to its end', async () => {
    const device = hang();
    writeFileSync(host.modelFile, model(400));
    const child = spawn(process.execPath, [path.resolve('bin/vae-lab.js'), 'train', host.modelFile, '--engine', 'tensorflow'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    const runs = path.join(host.top, '.vae-lab', 'runs');
    const saved = (): boolean => existsSync(runs) && readdirSync(runs).some((id) => existsSync(path.join(runs, id, 'checkpoints')) && readdirSync(path.join(runs, id, 'checkpoints')).some((name) => name.endsWith('.safetensors')));
    while (!saved()) await new Promise((resolve) => { setImmediate(resolve); });
    device.begin();
    const [out, errors, [code]] = await said;
    expect(code).toBe(0);
    expect(out.match(/^small: run .* on .*$/gm)).toEqual([expect.stringContaining('TensorFlow') as string, expect.stringContaining('onnxruntime') as string]);
    expect(out).toMatch(/^completed: /m);
    expect(errors).toMatch(/The graphics driver did not answer for \d+ s\. Training went on from the checkpoint of step \d+\./);
  }, 300_000);
});

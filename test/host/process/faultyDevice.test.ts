import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { TrainingSession } from '../../../src/host/session';
import { childrenOf } from '../engines/children';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-faulty-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
afterEach(() => { vi.unstubAllEnvs(); });

const modelFile = path.join(top, 'small.vae.ts');
writeFileSync(modelFile, `import { sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 64, testCount: 32 }), latentDim: 2,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 4, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 4, activation: 'relu' })], training: { batchSize: 32, epochs: 1000000 } });
`);
/** Stands for the host's script where that is the process of a card. */
const script = path.join(top, 'script.cjs');
const require = createRequire(path.resolve('package.json'));
writeFileSync(script, `if (!process.argv[2].includes('"role":"program"')) require(${JSON.stringify(path.resolve('dist/host.js'))});
else require(${JSON.stringify(require.resolve('jiti'))}).createJiti(${JSON.stringify(__filename)}).import(${JSON.stringify(path.join(__dirname, 'faultyDevice.ts'))});
`);

let runs = 0;
async function open(fault: string): Promise<{ session: TrainingSession; directory: RunDirectory }> {
  vi.stubEnv('VAE_LAB_COMPONENTS', path.join(top, 'components'));
  const dir = path.join(top, '.vae-lab', 'runs', `run-${runs++}`);
  vi.stubEnv('FAULT', fault);
  vi.stubEnv('FAULT_AFTER', dir);
  return { session: await TrainingSession.open({ role: 'trainer', runId: path.basename(dir), dir, modelFile, engine: 'webgpu', set: {} }, { node: process.execPath, script }), directory: new RunDirectory(dir) };
}
/** A run on a card that fails, to its end, or until it goes on elsewhere. */
async function train(fault: string): Promise<{ manifest: Manifest; steps: number[]; kept: number[] }> {
  const { session, directory } = await open(fault);
  let ended = false;
  const running = session.run().finally(() => { ended = true; });
  while (!ended && (await directory.readManifest()).engineNotice === undefined) {
    if ((await directory.checkpoints.steps()).length > 0) vi.stubEnv('VAE_LAB_DEVICE_MS', '10000'); // before, a busy machine may take longer
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  if (!ended) session.interrupt();
  await running;
  await session.close();
  const steps = (await directory.readMetrics()).filter(({ split }) => split === 'train').map(({ step }) => step);
  return { manifest: await directory.readManifest(), steps, kept: await directory.checkpoints.steps() };
}

describe('a graphics card that fails while a run trains on it', () => {
  it.each([
    ['hangs', /^The graphics driver did not answer for \d+ s\. Training went on from the checkpoint of step \d+\. Training runs on engine "compiled" instead, which is slower\.$/],
    ['isLost', /^The process that computed on WebGPU ended \(code 1\): its graphics driver failed\. Training went on from the checkpoint of step \d+\. Training runs on engine "compiled" instead, which is slower\.$/],
  ])('%s: the run goes on on the CPU from its last checkpoint, says so, and no process is left', async (fault, said) => {
    const { manifest, steps, kept } = await train(fault);
    expect(manifest).toMatchObject({ state: { kind: 'interrupted' }, engine: 'compiled', engineNotice: expect.stringMatching(said) as string });
    expect(kept.length).toBeGreaterThan(0);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    if (process.platform === 'linux') await expect.poll(() => childrenOf(process.pid, '"role":"program"')).toEqual([]);
  }, 300_000);

  it('is full, as where another run took its memory: the run ends with the batch size to try, and what was kept of it can be gone on from', async () => {
    const { manifest, kept } = await train('isFull');
    expect(manifest).toMatchObject({ engine: 'webgpu', state: { kind: 'failed', error: { code: 'engine', message: 'The memory of the device does not hold a step with batch size 32. Set training.batchSize to 16, and train again. The run is kept.' } } });
    expect(kept.length).toBeGreaterThan(0);
  }, 300_000);

  it('is shared by a second run, which is told so when it begins, as is the one that finds no memory left; after that it is alone again', async () => {
    const first = await open('nothing');
    const running = first.session.run();
    await vi.waitFor(async () => { expect(await first.directory.readManifest()).toMatchObject({ state: { kind: 'running' }, device: expect.stringMatching(/^WebGPU/) as string }); }, { timeout: 60_000 });
    expect((await first.directory.readManifest()).engineNotice).toBeUndefined();
    const shared = `The run ${path.basename(first.directory.dir)} of small is on the same card: they share its memory and its time.`;
    const second = await open('isFull');
    await second.session.run();
    await second.session.close();
    expect(await second.directory.readManifest()).toMatchObject({
      engineNotice: shared, state: { kind: 'failed', error: { code: 'engine', message: `The memory of the device does not hold a step with batch size 32. Set training.batchSize to 16, and train again. The run is kept. ${shared}` } },
    });
    first.session.interrupt();
    await running;
    await first.session.close();
    expect((await train('isFull')).manifest).not.toHaveProperty('engineNotice');
  }, 300_000);
});

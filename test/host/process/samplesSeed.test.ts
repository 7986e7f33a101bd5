import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { closeHost, openRun, startRun } from '../../../src/client/hosts';
import type { RunImages } from '../../../src/protocol/hostApi';
import { isLive } from '../../../src/protocol/run';
import { findHost } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-seed-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const [node, hostScript] = [process.execPath, path.resolve('dist/host.js')];
const file = path.join(top, 'small.vae.ts');
writeFileSync(file, `import { vae, sprites, elbo } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8 })], decoder: ({ layers }) => [layers.dense({ units: 8 })],
  objective: elbo({ beta: 2 }), training: { batchSize: 32, epochs: 100000 } });
`);

describe('the samples that are shown each time', () => {
  it('are of the seed that was chosen, in the live run, on disk, and when the run is looked at later', async () => {
    const run = await startRun({ node, hostScript, modelFile: file, runsFolder: path.join(top, 'runs'), engine: 'wasm' });
    const shown = (seed: number) => run.api.request('sample', { count: 16, seed });
    await new Promise<void>((resolve) => { run.api.on('state', ({ state }) => { if (state.kind === 'running') resolve(); }); void run.api.request('snapshot', {}).then(({ manifest }) => { if (manifest.state.kind === 'running') resolve(); }); });
    await run.api.request('pause', {});
    const { manifest, images } = await run.api.request('snapshot', {});
    expect([manifest.partWeights, manifest.samplesSeed]).toEqual([{ reconstruction: 1, kl: 'beta' }, undefined]);
    expect(images).toBeDefined();
    const told = new Promise<RunImages>((resolve) => { run.api.on('images', resolve); });
    const seeds: (number | undefined)[] = [];
    run.api.on('manifest', ({ samplesSeed }) => { seeds.push(samplesSeed); });
    await run.api.request('fixSamples', { seed: 9 });
    expect((await told).samples.pixels).toEqual((await shown(9)).pixels);
    expect((await told).samples.pixels).not.toEqual((await shown(1)).pixels);
    expect(seeds).toEqual([9]);
    expect((await new RunDirectory(run.dir).readManifest()).samplesSeed).toBe(9);
    const ended = new Promise<void>((resolve) => { run.api.on('state', ({ state }) => { if (!isLive(state)) resolve(); }); });
    await run.api.request('stop', {});
    await ended;
    run.close();
    await closeHost(run.runId);
    expect(await findHost(run.runId)).toBeUndefined();
    const viewer = await openRun({ node, hostScript, dir: run.dir, runId: run.runId });
    const seen = await viewer.api.request('snapshot', {});
    expect(seen.images?.samples.pixels).toEqual((await viewer.api.request('sample', { count: 16, seed: 9 })).pixels);
    await viewer.api.request('fixSamples', { seed: 4 });
    const after = await viewer.api.request('snapshot', {});
    expect([after.manifest.samplesSeed, after.images?.samples.pixels]).toEqual([4, (await viewer.api.request('sample', { count: 16, seed: 4 })).pixels]);
    expect((await new RunDirectory(run.dir).readImages())?.samples.pixels).toEqual(after.images?.samples.pixels);
    viewer.close();
    await closeHost(run.runId);
    await closeHost(run.runId); // nobody is left: nothing to do
  });
});

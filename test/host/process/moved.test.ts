import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun, type RunConnection } from '../../../src/client/hosts';
import { moveModels } from '../../../src/client/moveModel';
import { resumeRun } from '../../../src/client/resumeRun';
import { listRuns } from '../../../src/runs/registry';
import { hosts, kill, model, place, reached, step } from './running';

const self = hosts();
const { start, keep } = self;
const LONG = 100_000;
/** It imports what stands beside it. */
const text = model(LONG, "import { rate } from './rate';").replace('learningRate: 1e-3', 'learningRate: rate');
const failed = (_: unknown, error: unknown): never => { throw error; };
/** Moves a file or folder as an editor does, and tells the runs. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await rename(from, to);
  await moveModels(from, to, failed);
}
const manifestOf = async (run: RunConnection) => (await run.api.request('snapshot', {})).manifest;

describe('a model file that is moved', () => {
  it('while its run trains is taken up from its new place, also by one that goes on or is looked at', async () => {
    await writeFile(path.join(self.top, 'rate.ts'), 'export const rate = 1e-3;');
    const run = await start(text);
    await step(run, 8);
    const [here, there] = [self.modelFile, path.join(self.top, 'deep', 'er', 'moved.vae.ts')];
    const told = new Promise<string>((resolve) => { run.api.on('manifest', ({ modelFile }) => { if (modelFile !== here) resolve(modelFile); }); });
    await move(here, there);
    expect(await told).toBe(there);
    await writeFile(there, text.replace('./rate', '../../rate').replace('training: {', 'training: { clipNorm: 1,')); // as editors write imports anew
    const { step: from } = await run.api.request('applyModel', {});
    await step(run, from + 8);
    await kill(run);
    const resumed = keep(await resumeRun({ ...place, dir: run.dir, runId: run.runId }));
    await step(resumed, from + 16);
    expect(await manifestOf(resumed)).toMatchObject({ modelFile: there, sourceFile: here, changes: [{ step: from }] });

    await move(path.join(self.top, 'deep'), path.join(self.top, 'flat'));
    expect((await manifestOf(resumed)).modelFile).toBe(path.join(self.top, 'flat', 'er', 'moved.vae.ts'));
    await resumed.api.request('stop', {});
    await reached(resumed, 'stopped');
    await kill(resumed);

    await move(path.join(self.top, 'flat'), path.join(self.top, 'ended')); // nobody serves it
    const ended = path.join(self.top, 'ended', 'er', 'moved.vae.ts');
    expect((await listRuns()).map(({ manifest }) => manifest.modelFile)).toEqual([ended]);
    const viewer = keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
    await viewer.api.request('sample', { count: 1, seed: 1 });
    await move(path.join(self.top, 'ended'), path.join(self.top, 'seen'));
    expect((await manifestOf(viewer)).modelFile).toBe(path.join(self.top, 'seen', 'er', 'moved.vae.ts'));
    expect((await listRuns()).map(({ manifest }) => manifest.modelFile)).toEqual([path.join(self.top, 'seen', 'er', 'moved.vae.ts')]);
  });
  it('is not another', async () => {
    const run = await start(model(LONG));
    await step(run, 2);
    await moveModels(path.join(self.top, 'other.vae.ts'), path.join(self.top, 'x.vae.ts'), failed);
    expect((await manifestOf(run)).modelFile).toBe(self.modelFile);
  });
});

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TrainingSession } from '../../../src/host/session';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const modelFile = path.join(top, 'small.vae.ts');
writeFileSync(modelFile, `import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32, epochs: 200 } });
`);

describe('a run whose folder', () => {
  it.skipIf(process.platform !== 'linux')('is on a full disk fails with a sentence', async () => {
    const dir = path.join(top, '.vae-lab', 'runs', 'full');
    await mkdir(dir, { recursive: true });
    symlinkSync('/dev/full', path.join(dir, 'metrics.jsonl')); // every write to it: no space left
    const session = await TrainingSession.open({ role: 'trainer', runId: 'full', dir, modelFile, engine: 'wasm', set: {} }, { node: process.execPath, script: path.resolve('dist/host.js') });
    expect(await session.run()).toMatchObject({ kind: 'failed', error: { code: 'runFolder', message: expect.stringMatching(/cannot be written \(ENOSPC.*Make room/) } });
    await session.close();
  });

  it('is deleted meanwhile fails with a sentence', async () => {
    const dir = path.join(top, '.vae-lab', 'runs', 'gone');
    const session = await TrainingSession.open({ role: 'trainer', runId: 'gone', dir, modelFile, engine: 'wasm', set: {} }, { node: process.execPath, script: path.resolve('dist/host.js') });
    rmSync(path.join(dir, 'checkpoints'), { recursive: true });
    expect(await session.run()).toMatchObject({ kind: 'failed', error: { code: 'runFolder', message: expect.stringMatching(/cannot be written \(ENOENT/) } });
    await session.close();
  });
});

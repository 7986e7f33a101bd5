import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Phase } from '../../src/host/loadWatchdog';
import { manifestSchema, type RunState } from '../../src/protocol/run';
import { manifestOf } from '../unit/runs/manifestOf';

const dir = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-driver-'));
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

/** What a run says whose process did that, and was ended by its watchdog. */
function stateAfter(phase: Phase, work: string, env: Record<string, string>): RunState {
  const watched = { manifest: manifestOf(), dir, modelFile: path.join(dir, 'm.vae.ts'), phase };
  const script = path.join(dir, `keeps${readdirSync(dir).length}.ts`);
  writeFileSync(script, `import { watched } from ${JSON.stringify(path.resolve('src/host/loadWatchdog.ts'))};
  await watched(${JSON.stringify(watched)}, async (driver) => { ${work} });
`);
  const jiti = `require(${JSON.stringify(require.resolve('jiti'))}).createJiti(${JSON.stringify(__filename)}).import(${JSON.stringify(script)})`;
  const { signal } = spawnSync(process.execPath, ['-e', jiti], { env: { ...process.env, ...env }, stdio: 'inherit' });
  expect(signal, 'it ends itself').toBe('SIGKILL');
  return manifestSchema.parse(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'))).state;
}

it('a graphics driver that keeps the process while a model is built is named, not the model', () => {
  expect(stateAfter('build', 'driver(); await new Promise((resolve) => { setTimeout(resolve, 200); }); for (;;);', { VAE_LAB_DRIVER_MS: '1200' }))
    .toEqual({ kind: 'failed', error: { code: 'engine', message: 'The model was not built within 0.02 minutes: the graphics driver does not answer. Restart the machine, or train with another engine.' } });
});

describe('a call into a native library that does not return', () => {
  const NATIVE = "await new Promise((resolve) => { setTimeout(resolve, 200); }); require('node:child_process').execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 6000)'], { stdio: 'ignore' });";
  it.each([
    ['build', "The model was not built within 1 s: a native library does not return, the engine's or a graphics driver's. Restart the machine, or train with another engine."],
    ['load', 'The model file did not finish loading within 1 s: a native library that it calls does not return.'],
  ] as const)('is told from a loop of the model (%s)', (phase, message) => {
    expect(stateAfter(phase, NATIVE, { VAE_LAB_LOAD_MS: '1000' })).toEqual({ kind: 'failed', error: { code: 'engine', message } });
  });
  it('is not what a promise is that never resolves', () => {
    expect(stateAfter('load', 'setInterval(() => {}, 10); await new Promise(() => {});', { VAE_LAB_LOAD_MS: '1000' })).toMatchObject({ kind: 'failed', error: { code: 'modelFile', message: 'The model file did not finish loading within 1 s. Look for a loop that never ends.' } });
  });
});

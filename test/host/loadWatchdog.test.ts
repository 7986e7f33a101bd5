import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { manifestSchema } from '../../src/protocol/run';
import { manifestOf } from '../unit/runs/manifestOf';

const dir = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-driver-'));
afterAll(() => { rmSync(dir, { recursive: true, force: true }); });

it('a graphics driver that keeps the process while a model is built is named, not the model', () => {
  const watched = { manifest: manifestOf(), dir, modelFile: path.join(dir, 'm.vae.ts'), sentence: 'Look for a loop.', limitMs: 600_000 };
  const script = path.join(dir, 'keeps.ts');
  writeFileSync(script, `import { watched } from ${JSON.stringify(path.resolve('src/host/loadWatchdog.ts'))};
  await watched(${JSON.stringify(watched)}, async (driver) => { driver(); await new Promise((resolve) => { setTimeout(resolve, 200); }); for (;;); });
`);
  const jiti = `require(${JSON.stringify(require.resolve('jiti'))}).createJiti(${JSON.stringify(__filename)}).import(${JSON.stringify(script)})`;
  const { signal } = spawnSync(process.execPath, ['-e', jiti], { env: { ...process.env, VAE_LAB_DRIVER_MS: '1200' }, stdio: 'inherit' });
  expect(signal, 'it ends itself').toBe('SIGKILL');
  expect(manifestSchema.parse(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'))).state)
    .toEqual({ kind: 'failed', error: { code: 'engine', message: 'The model was not built within 0.02 minutes: the graphics driver does not answer. Restart the machine, or train with another engine.' } });
});

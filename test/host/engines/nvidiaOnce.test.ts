import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sprites, vae } from '../../../src/vae/index';
import { buildProgram } from '../../../src/host/engines/index';
import { hasTensorflow } from './available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-nvidia-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });

it.skipIf(!hasTensorflow || process.platform === 'win32')('a host asks for NVIDIA\'s GPUs once, and says when TensorFlow finds none that it can use', async () => {
  const [given, made, bin] = [path.join(process.env['VAE_LAB_COMPONENTS'] ?? '', 'tensorflow'), path.join(top, 'components', 'tensorflow'), path.join(top, 'bin')];
  mkdirSync(made, { recursive: true });
  mkdirSync(bin);
  for (const name of readdirSync(given)) if (name !== 'component.json') symlinkSync(path.join(given, name), path.join(made, name));
  writeFileSync(path.join(made, 'component.json'), JSON.stringify({ ...JSON.parse(readFileSync(path.join(given, 'component.json'), 'utf8')) as object, variant: 'gpu' }));
  const calls = path.join(top, 'calls');
  writeFileSync(path.join(bin, 'nvidia-smi'), `#!/bin/sh\necho asked >> '${calls}'\necho 'Old Card, 390.48, 2048, 3.0'\n`);
  chmodSync(path.join(bin, 'nvidia-smi'), 0o755);
  process.env['VAE_LAB_COMPONENTS'] = path.dirname(made);
  process.env['PATH'] = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
  const model = vae({ data: sprites(), latentDim: 2, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 4 })], decoder: ({ layers }) => [layers.dense({ units: 4 })], training: { batchSize: 4 } });
  const { engine, notice, program } = await buildProgram('auto', model, 1, [32, 32, 1]);
  program.dispose();
  expect(engine.name).toBe('compiled'); // a card answers, but TensorFlow cannot use it
  expect(notice).toBe('TensorFlow was set up for a GPU and found none that it can use (Old Card with driver 390.48). Training runs on the CPU.');
  expect(readFileSync(calls, 'utf8')).toBe('asked\n');
});

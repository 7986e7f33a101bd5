import { cpSync, mkdirSync, readdirSync, rmSync, linkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectTensorflow, removeTensorflow } from '../../../src/components/tensorflow';
import { hasTensorflow } from '../engines/available';
import { hosts, model, reached, step } from './running';

const self = hosts();
const real = process.env['VAE_LAB_COMPONENTS'] ?? '';

/** A component of hard links to the real one's files. */
function linked(components: string): void {
  for (const name of readdirSync(path.join(real, 'tensorflow'), { recursive: true, withFileTypes: true })) {
    const from = path.join(name.parentPath, name.name);
    const to = path.join(components, path.relative(real, from));
    if (name.isDirectory()) mkdirSync(to, { recursive: true });
    else {
      mkdirSync(path.dirname(to), { recursive: true });
      try { linkSync(from, to); } catch { cpSync(from, to); } // on another disk
    }
  }
}

describe.skipIf(!hasTensorflow)('the TensorFlow component, deleted while a run trains on it', () => {
  it('leaves the run alone, is missed by the next with a sentence, and can be put there again', async () => {
    const components = path.join(self.top, 'components');
    process.env['VAE_LAB_COMPONENTS'] = components;
    try {
      linked(components);
      expect((await inspectTensorflow(components)).kind).toBe('installed');
      const run = await self.start(model(100_000), { engine: 'tensorflow' });
      await step(run, 5);
      await removeTensorflow(components);
      expect((await inspectTensorflow(components)).kind).toBe('absent');
      const { manifest: { lastStep } } = await run.api.request('snapshot', {});
      await step(run, lastStep + 50);
      expect((await run.api.request('sample', { count: 4, seed: 1 })).count).toBe(4);
      expect((await run.api.request('snapshot', {})).manifest).toMatchObject({ state: { kind: 'running' }, engine: 'tensorflow' });
      const next = await self.start(model(1), { engine: 'tensorflow' });
      expect(await reached(next, 'failed')).toMatchObject({ error: { code: 'engine', message: expect.stringContaining('Set Up TensorFlow Engine') as string } });
      await run.api.request('stop', {});
      await reached(run, 'stopped');
      rmSync(components, { recursive: true, force: true });
      linked(components);
      await reached(await self.start(model(1), { engine: 'tensorflow' }), 'completed');
    } finally {
      process.env['VAE_LAB_COMPONENTS'] = real;
    }
  });
});

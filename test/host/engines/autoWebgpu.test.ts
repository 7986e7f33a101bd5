import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type Origin } from '../../../src/host/engines/index';
import { loadModel } from '../../../src/host/loadModel';
import { keepSpeed } from '../../../src/runs/measuredSpeed';
import { hasVulkan, vulkanEnvironment } from './available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-auto-'));
const kept = { ...process.env };
beforeAll(() => { Object.assign(process.env, vulkanEnvironment, { VAE_LAB_STATE: path.join(top, 'state'), VAE_LAB_COMPONENTS: path.join(top, 'components') }); });
afterAll(() => {
  process.env = kept;
  rmSync(top, { recursive: true, force: true });
});
const source = `import { sprites, vae } from 'vae-lab';
export const small = vae({ data: sprites(), latentDim: 2, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 4 })], decoder: ({ layers }) => [layers.dense({ units: 4 })], training: { batchSize: 4 } });
`;

async function taken(origin: Partial<Origin>, refused?: Map<'webgpu', string>): Promise<{ name: string; notice: string | undefined }> {
  const modelFile = path.join(top, 'small.vae.ts');
  writeFileSync(modelFile, source);
  const { model } = await loadModel(modelFile, 'small');
  const { engine, notice, program } = await buildProgram('auto', model, 1, [8, 8, 1], { origin: { modelFile, modelName: 'small', source, node: process.execPath, script: path.resolve('dist/host.js'), ...origin }, ...(refused ? { refused } : {}) });
  program.dispose();
  return { name: engine.name, notice };
}

describe.skipIf(!hasVulkan)('auto', () => {
  it('takes webgpu where the doctor measured it faster on this very model, and not otherwise', async () => {
    expect(await taken({})).toEqual({ name: 'compiled', notice: undefined });
    await keepSpeed({ source, modelName: 'small' }, { compiled: 2, wasm: 20, webgpu: 3 });
    expect((await taken({})).name).toBe('compiled');
    await keepSpeed({ source, modelName: 'small' }, { compiled: 2, wasm: 20, webgpu: 1 });
    expect(await taken({})).toEqual({ name: 'webgpu', notice: undefined });
    expect((await taken({ source: `${source}\n// changed since` })).name).toBe('compiled');
    expect(await taken({}, new Map([['webgpu', 'It is gone.']]))).toEqual({ name: 'compiled', notice: 'It is gone. Training runs on engine "compiled" instead, which is slower.' });
  }, 300_000);
});

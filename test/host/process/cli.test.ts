import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const cli = (...args: string[]) => spawnSync(process.execPath, [path.resolve('bin/vae-lab.js'), ...args], { encoding: 'utf8', env: { ...process.env, VAE_LAB_STATE: path.join(top, 'state') } });
const file = path.join(top, 'small.vae.ts');
writeFileSync(file, `import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32 } });
`);

describe('the terminal', () => {
  it('trains to the end as JSON lines, lists the run as completed, and writes its pictures', () => {
    const { stdout, status } = cli('train', file, '--epochs', '2', '--set', 'beta=2', '--json');
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string; dir?: string });
    expect(status).toBe(0);
    expect(lines.filter(({ type }) => type !== 'metrics').map(({ type }) => type)).toEqual(['start', 'epoch', 'epoch', 'done']);
    expect(lines.filter(({ type }) => type === 'metrics').length).toBeGreaterThanOrEqual(8);
    expect(readdirSync(lines[0]?.dir ?? '').filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.parse(cli('runs', '--json').stdout)).toMatchObject({ model: 'small', state: 'completed', step: 8 });
    const picture = path.join(top, 'grid.png');
    expect(cli('sample', 'last', '-n', '4', '--out', picture).status).toBe(0);
    const png = readFileSync(picture);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 64]);
  });
  it('exits with 2 and the usage when called wrongly', () => {
    for (const args of [[], ['train'], ['train', file, '--set', 'beta=-1'], ['train', file, '--epochs', 'x'], ['train', file, '--engine', 'warp'], ['sample', 'nothing', '--out', 'x.png'], ['fly']]) {
      const { status, stderr } = cli(...args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain('Usage:');
    }
  });
});

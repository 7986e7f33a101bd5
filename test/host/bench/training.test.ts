import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';

const jiti = path.join(path.dirname(createRequire(path.resolve('package.json')).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs');

it('the benchmark prints one line of JSON a row, and leaves out what an engine cannot train', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [jiti, 'test/bench/training.ts', '--alone', '--json', '--engines', 'wasm', '--models', 'mlp,conv', '--rounds', '2', '--steps', '1'], { encoding: 'utf8' });
  expect(stderr).toContain('conv, wasm: left out. The engine "wasm" cannot train this model');
  expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { model: 'mlp', engine: 'wasm', msPerStep: expect.any(Number) as number, peakRssMb: expect.any(Number) as number },
  ]);
  expect(status).toBe(0);
});

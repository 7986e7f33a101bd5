import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { hasVulkan, vulkanEnvironment } from '../engines/available';

const jiti = path.join(path.dirname(createRequire(path.resolve('package.json')).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs');

it('the benchmark prints one line of JSON a row, and leaves out what an engine cannot train', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [jiti, 'test/bench/training.ts', '--alone', '--json', '--engines', 'wasm', '--models', 'mlp,conv', '--rounds', '2', '--steps', '1'], { encoding: 'utf8' });
  expect(stderr).toContain('conv, wasm: left out. The engine "wasm" cannot train this model');
  expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { model: 'mlp', engine: 'wasm', msPerStep: expect.any(Number) as number, peakRssMb: expect.any(Number) as number },
  ]);
  expect(status).toBe(0);
});

const bench = (env: NodeJS.ProcessEnv, ...given: string[]) => spawnSync(process.execPath, [jiti, 'test/bench/training.ts', '--alone', '--json', '--models', 'mlp', '--rounds', '1', '--steps', '1', ...given], { encoding: 'utf8', env: { ...process.env, ...env } });

it('the benchmark leaves webgpu out, and says so, where no card answers', () => {
  const none = path.resolve('no-such-driver.json');
  const { stdout, stderr, status } = bench({ VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none }, '--engines', 'webgpu', '--batch', '2');
  expect([stdout, status]).toEqual(['', 0]);
  expect(stderr).toContain('mlp, webgpu: left out. No graphics card answers through WebGPU.');
});

it.skipIf(!hasVulkan)('the benchmark times webgpu on a graphics card made of software where it is named, and the row says so', () => {
  const { stdout, status } = bench(vulkanEnvironment, '--engines', 'webgpu', '--batch', '2');
  expect(JSON.parse(stdout)).toEqual({ model: 'mlp', engine: 'webgpu', adapter: 'software', msPerStep: expect.any(Number) as number, peakRssMb: expect.any(Number) as number });
  expect(status).toBe(0);
}, 600_000);

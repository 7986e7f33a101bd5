import path from 'node:path';
import { expect, it } from 'vitest';
import { jiti } from '../../jiti';
import { hasTensorflow, hasVulkan, vulkanEnvironment } from '../engines/available';
import { run, type Ran } from '../process/terminal';

const bench = (env: NodeJS.ProcessEnv, ...given: string[]): Promise<Ran> => run(process.execPath, [jiti, 'test/bench/training.ts', '--alone', '--json', '--steps', '1', ...given], { env: { ...process.env, ...env } });

it('the benchmark prints one line of JSON a row, and leaves out what an engine cannot train', async () => {
  const { stdout, stderr, status } = await bench({}, '--engines', 'wasm', '--models', 'mlp,conv', '--rounds', '2');
  expect(stderr).toContain('conv, wasm: left out. The engine "wasm" cannot train this model');
  expect(stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
    { model: 'mlp', batch: 128, device: 'processor', engine: 'wasm', msPerStep: expect.any(Number) as number, peakRssMb: expect.any(Number) as number },
  ]);
  expect(status).toBe(0);
});

const one = ['--models', 'mlp', '--rounds', '1', '--engines', 'webgpu', '--batch', '2'];
it('the benchmark leaves webgpu out, and says so, where no card answers', async () => {
  const none = path.resolve('no-such-driver.json');
  const { stdout, stderr, status } = await bench({ VK_ICD_FILENAMES: none, VK_DRIVER_FILES: none }, ...one);
  expect([stdout, status]).toEqual(['', 0]);
  expect(stderr).toContain('mlp, webgpu: left out. No graphics card answers through WebGPU.');
});

it.skipIf(!hasVulkan)('the benchmark times webgpu on a graphics card made of software where it is named, and the row says so', async () => {
  const { stdout, status } = await bench(vulkanEnvironment, ...one);
  expect(JSON.parse(stdout)).toEqual({ model: 'mlp', batch: 2, device: 'processor', engine: 'webgpu', adapter: 'software', msPerStep: expect.any(Number) as number, peakRssMb: expect.any(Number) as number });
  expect(status).toBe(0);
}, 600_000);

it.skipIf(!hasTensorflow)('the benchmark times on a card what computes there alone, says of the others what to do, and times each size of batch', async () => {
  const { stdout, stderr, status } = await bench({ CUDA_VISIBLE_DEVICES: '-1' }, '--models', 'mlp', '--rounds', '1', '--device', 'card', '--engines', 'tensorflow');
  expect([stdout, status]).toEqual(['', 0]);
  expect(stderr.match(/mlp, tensorflow: left out\. It computes on CPU, TensorFlow [\d.]+\. For an NVIDIA card: npx vae-lab setup-engine tensorflow --gpu/g)).toHaveLength(2);
  const { stdout: rows } = await bench({}, '--models', 'mlp', '--rounds', '1', '--device', 'processor', '--engines', 'wasm', '--batch', '2,4');
  expect(rows.trim().split('\n').map((line) => (JSON.parse(line) as { batch: number }).batch)).toEqual([2, 4]);
}, 300_000);

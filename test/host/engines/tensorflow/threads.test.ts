import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { setTensorflowDefaults } from '../../../../src/components/tensorflowDefaults';
import { jiti } from '../../../jiti';
import { run } from '../../process/terminal';
import { hasTensorflow } from '../available';

const set = { one: { VAE_LAB_EAGER_THREADS: '1', TF_OVERRIDE_GLOBAL_THREADPOOL: 'true' }, three: { VAE_LAB_EAGER_THREADS: '3', TF_OVERRIDE_GLOBAL_THREADPOOL: 'true' } } as const;
async function threads(env: NodeJS.ProcessEnv): Promise<readonly [eager: number, withGraph: number]> {
  const { stdout, stderr, status } = await run(process.execPath, [jiti, path.join(__dirname, 'countThreads.ts')], { env: { ...process.env, ...env } });
  expect(status, stderr).toBe(0);
  const [eager, withGraph] = stdout.trim().split(' ').map(Number);
  return [eager ?? NaN, withGraph ?? NaN];
}

it.skipIf(!hasTensorflow || process.platform !== 'linux')('operations that are called one by one have as many threads as they are given, and a graph has its own', async () => {
  const [[one, oneWithGraph], [three, threeWithGraph]] = [await threads(set.one), await threads(set.three)];
  expect(three - one).toBe(2);
  expect(oneWithGraph - one).toBe(threeWithGraph - three);
  expect(oneWithGraph - one).toBeGreaterThan(0);
}, 120_000);

it.each([
  ['two processors', 2, {}, set.one], ['four processors', 4, {}, {}],
  ['two processors, where the person says how many threads there are to be', 2, { TF_NUM_INTRAOP_THREADS: '2' }, {}],
] as const)('one thread computes where there are no more than two processors: %s', (_, processors, given, wanted) => {
  onTestFinished(() => { vi.unstubAllEnvs(); });
  for (const name of ['VAE_LAB_EAGER_THREADS', 'TF_OVERRIDE_GLOBAL_THREADPOOL', 'TF_NUM_INTRAOP_THREADS'] as const) vi.stubEnv(name, (given as Record<string, string>)[name]);
  for (const name of ['TF_CPP_MIN_LOG_LEVEL', 'CUDA_DEVICE_ORDER', 'TF_FORCE_GPU_ALLOW_GROWTH', 'NVIDIA_TF32_OVERRIDE']) vi.stubEnv(name, process.env[name]);
  setTensorflowDefaults(1, processors);
  const { VAE_LAB_EAGER_THREADS, TF_OVERRIDE_GLOBAL_THREADPOOL } = process.env;
  expect(Object.fromEntries(Object.entries({ VAE_LAB_EAGER_THREADS, TF_OVERRIDE_GLOBAL_THREADPOOL }).filter(([, value]) => value !== undefined))).toEqual(wanted);
});

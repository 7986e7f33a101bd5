import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { jiti } from '../../../jiti';
import { hasTensorflow } from '../available';

/** What it says and how it ends; `disturb`: with as many signals as it can be sent. */
async function steps(disturb: boolean): Promise<{ said: string; ended: unknown }> {
  const child = spawn(process.execPath, [jiti, path.join(__dirname, 'eagerSteps.ts')], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, errors, ended] = [text(child.stdout), text(child.stderr), once(child, 'exit')];
  await once(child.stdout, 'data');
  let gone = false;
  void ended.then(() => { gone = true; });
  while (disturb && !gone) {
    child.kill('SIGWINCH');
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  const [code, signal] = await ended as [number | null, string | null];
  return { said: await said, ended: code === 0 ? 0 : `${code ?? signal}: ${(await errors).trim().split('\n').at(-1) ?? ''}` };
}

// While oneDNN computes a product its thread's stack pointer points into the heap: a signal wrote there, and the process ended by SIGABRT.
it.skipIf(!hasTensorflow || process.platform === 'win32')('signals that come while TensorFlow computes change nothing', async () => {
  const [disturbed, quiet] = [await steps(true), await steps(false)];
  expect(disturbed.ended).toBe(0);
  expect(Number(disturbed.said.split('\n')[1])).toBeGreaterThan(0);
  expect(disturbed).toEqual(quiet);
}, 120_000);

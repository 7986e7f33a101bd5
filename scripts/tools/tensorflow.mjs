// TensorFlow's library for the tests, set up from the Python package index by the built command line, as a user would; kept in the cache folder.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';

/** Whether an NVIDIA driver answers for a card. */
export const hasNvidiaGpu = () => spawnSync('nvidia-smi', ['-L'], { encoding: 'utf8' }).stdout?.includes('GPU 0') ?? false;

/** What the tests' environment gets: where the component is, or why there is none. Says loudly when there is none. */
export function ensureTensorflow(variant, root = '.') {
  const components = process.env.VAE_LAB_COMPONENTS ?? path.join(cacheFolder, variant === 'gpu' ? 'components-gpu' : 'components');
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, 'bin', 'vae-lab.js'), 'setup-engine', 'tensorflow', `--${variant}`, '--yes'], { env: { ...process.env, VAE_LAB_COMPONENTS: components }, encoding: 'utf8' });
  if (status === 0) {
    console.log(stdout.trim().split('\n').at(-1));
    return { VAE_LAB_COMPONENTS: components };
  }
  const why = (stderr.trim().split('\n').at(-1) || stdout.trim().split('\n').at(-1)) ?? `exit code ${status}`;
  console.error(`\n!!! TensorFlow could not be set up, so the tests of its engine are SKIPPED: ${why}\n`);
  return { VAE_LAB_COMPONENTS: components, VAE_LAB_NO_TENSORFLOW: why };
}

// Graphics cards that are no software, for what needs one.
import { spawnSync } from 'node:child_process';
import { createJiti } from 'jiti';
import { hasNvidiaGpu } from './tensorflow.mjs';

/** Adapters that the system tells of, by each way in which it does, without those made of software; `asked` names the ways. */
export async function realAdapters() {
  const { adapters, isSoftware } = await createJiti(import.meta.url).import('../../src/components/adapters.ts');
  const asked = { win32: 'Windows (Win32_VideoController)', darwin: 'macOS (system_profiler)' }[process.platform] ?? 'the kernel (/sys/class/drm) and Vulkan (vulkaninfo)';
  return { found: (await adapters()).filter((adapter) => !isSoftware(adapter)).map(({ name, way }) => `${name} (${way})`), asked };
}

/** What the tests' environment gets: nothing for a card that answers, else what was looked for. The built host is what asks WebGPU. Says loudly what is skipped. */
export async function lookForCards() {
  const env = {};
  if (!hasNvidiaGpu()) env.VAE_LAB_NO_NVIDIA = 'no NVIDIA GPU answers (nvidia-smi)';
  const { found, asked } = await realAdapters();
  if (found.length === 0 && env.VAE_LAB_NO_NVIDIA) env.VAE_LAB_NO_WEBGPU = `neither ${asked} nor nvidia-smi tells of a graphics adapter that is no software`;
  else {
    const { stdout } = spawnSync(process.execPath, ['dist/host.js', JSON.stringify({ role: 'probe', engine: 'webgpu' })], { encoding: 'utf8' });
    const { outcome, message } = JSON.parse(/^\{"outcome".*\}$/m.exec(stdout)?.[0] ?? '{"message":"its process ended"}');
    if (outcome !== 'works') env.VAE_LAB_NO_WEBGPU = `of ${found.join(', ') || 'the NVIDIA GPU'} none computes through WebGPU (${message})`;
  }
  for (const [what, why] of [['TensorFlow on a card', env.VAE_LAB_NO_NVIDIA], ['WebGPU on a card', env.VAE_LAB_NO_WEBGPU]]) {
    if (why) console.error(`\n!!! The tests of ${what} are SKIPPED, and nothing is known of them on this machine: ${why}.\n`);
  }
  return env;
}

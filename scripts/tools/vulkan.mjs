// A graphics card made of software for the tests of WebGPU: SwiftShader's Vulkan driver with its loader, as the npm package of the tests' Chromium carries them. No root is needed.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { cached } from './cache.mjs';
import { chromiumPackage } from './chromium.mjs';

/** What the tests' environment gets: the driver's folder, or why there is none. Says loudly when there is none. */
export async function ensureVulkan() {
  try {
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`there is none for ${process.platform} ${process.arch}`);
    const packed = path.join(await chromiumPackage(), 'node_modules', '@sparticuz', 'chromium', 'bin', 'swiftshader.tar.br');
    const folder = await cached('swiftshader', 'a graphics card made of software', (at) => {
      const { status, stderr } = spawnSync('tar', ['-x', '-C', at], { input: brotliDecompressSync(readFileSync(packed)) });
      if (status !== 0) throw new Error(`tar: ${stderr}`);
    });
    writeFileSync(path.join(folder, 'driver.json'), JSON.stringify({ file_format_version: '1.0.0', ICD: { library_path: path.join(folder, 'libvk_swiftshader.so'), api_version: '1.3.0' } }));
    return { VAE_LAB_VULKAN: folder };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`\n!!! No Vulkan driver could be set up, so the tests of WebGPU are SKIPPED: ${why}\n`);
    return { VAE_LAB_NO_VULKAN: why };
  }
}

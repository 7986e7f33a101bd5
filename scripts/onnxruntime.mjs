import { cpSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Copies onnxruntime's native library into `folder`, where it is made for that platform; says whether it is. */
export function copyOnnxruntime(folder, platform = process.platform, arch = process.arch) {
  const from = path.join(path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6', platform, arch);
  if (!existsSync(from)) return false;
  cpSync(from, path.join(folder, platform, arch), { recursive: true });
  return true;
}

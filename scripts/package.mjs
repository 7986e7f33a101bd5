// Packs the extension and prints its size: node scripts/package.mjs [--target linux-x64]. Without a target it has no native parts and works everywhere, on the
// engines that need none (out/vae-lab.vsix); with one it carries onnxruntime for that platform (out/vae-lab-TARGET.vsix).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyOnnxruntime } from './onnxruntime.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const { values: { target } } = parseArgs({ options: { target: { type: 'string' } } });
const out = path.join(root, 'out', `vae-lab${target ? `-${target}` : ''}.vsix`);
mkdirSync(path.dirname(out), { recursive: true });
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? 1);
};
run(path.join(root, 'scripts', 'build.mjs'));
const forTarget = [];
if (target) {
  const [platform, arch] = target.split('-');
  if (!copyOnnxruntime(path.join(root, 'dist', 'onnxruntime'), platform, arch)) throw new Error(`There is no onnxruntime for ${target}. Pack without --target.`);
  const ignored = path.join(root, 'out', 'vscodeignore');
  writeFileSync(ignored, `${readFileSync(path.join(root, '.vscodeignore'), 'utf8')}!dist/onnxruntime/${platform}/${arch}/**\n`);
  forTarget.push('--target', target, '--ignoreFile', ignored);
}
// With dependencies: VS Code looks for the TypeScript plugin in the extension's node_modules. Links stay relative: the pictures are in the package.
run(path.join(path.dirname(require.resolve('@vscode/vsce/package.json')), 'vsce'), 'package', '--no-rewrite-relative-links', ...forTarget, '--out', out);
console.log(`${path.relative(root, out)}: ${(statSync(out).size / 2 ** 20).toFixed(2)} MB`);

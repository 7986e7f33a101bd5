// Builds everything that ships into dist/: node scripts/build.mjs [--watch]
import * as esbuild from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyBindingSources } from './bindingSources.mjs';
import { copyOnnxruntime } from './onnxruntime.mjs';
import { makeWasm } from './wasm.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const watch = process.argv.includes('--watch');
const at = (...parts) => path.join(root, ...parts);
const require = createRequire(import.meta.url);

const shared = { bundle: true, sourcemap: watch, minify: !watch, keepNames: true, logLevel: 'warning', absWorkingDir: root };
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] };
/** Leaves window.ts out of a bundle: it is one of its own beside it. */
const apart = { name: 'apart', setup: ({ onResolve }) => { onResolve({ filter: /^\.\/window$/ }, () => ({ path: './window.js', external: true })); } };
/** A file of a package, in which one text stands for another. */
function replaced(file, before, after) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(before)) throw new Error(`${file} is not as it was: look at who replaces what in scripts/build.mjs.`);
  return text.replace(before, () => after);
}
/** The TensorFlow backend was compiled to an ES5 function, whose base class is a real one in tfjs's ES module build: such a class is made only by `new`. */
const realBaseClass = { name: 'realBaseClass', setup: ({ onLoad }) => {
  onLoad({ filter: /tfjs-node-gpu[\\/]dist[\\/]nodejs_kernel_backend\.js$/ }, ({ path: file }) => ({ contents: replaced(file, '_super.call(this) || this', 'Reflect.construct(_super, [], new.target)') }));
} };
/** onnxruntime's native library is loaded from beside the bundle. */
const nativeBeside = { name: 'nativeBeside', setup: ({ onLoad }) => {
  onLoad({ filter: /onnxruntime-node[\\/]dist[\\/]binding\.js$/ }, ({ path: file }) => (
    { contents: replaced(file, '`../bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`', 'require("node:path").join(__dirname, "onnxruntime", process.platform, process.arch, "onnxruntime_binding.node")') }
  ));
} };
/** What imports ES modules for model files is a file beside the bundle: `src/host/launch` says why. */
const importBeside = { name: 'importBeside', setup: ({ onResolve, onLoad }) => {
  onResolve({ filter: /^\.\/nativeImport$/ }, () => ({ path: './nativeImport.js', external: true }));
  onLoad({ filter: /jiti[\\/]lib[\\/]jiti-static\.mjs$/ }, ({ path: file }) => ({ contents: replaced(file, 'const nativeImport = (id) => import(id);', "import { nativeImport } from './nativeImport';") }));
} };
/** `import source from './worker?worker'`: a script and all it needs, bundled for a worker, as text. */
const workerText = { name: 'workerText', setup: ({ onResolve, onLoad }) => {
  onResolve({ filter: /\?worker$/ }, ({ path: name, resolveDir }) => ({ path: path.join(resolveDir, name.replace('?worker', '.ts')), namespace: 'worker' }));
  onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path: file }) => {
    const { outputFiles, metafile } = await esbuild.build({ ...shared, sourcemap: false, keepNames: false, platform: 'browser', format: 'iife', target: 'es2022', entryPoints: [file], write: false, metafile: true });
    return { contents: outputFiles[0].text, loader: 'text', watchFiles: Object.keys(metafile.inputs).map((input) => at(input)) };
  });
} };
const builds = [
  // What VS Code waits for at activation is small; window.js is loaded with the first model file.
  { ...node, keepNames: false, entryPoints: { extension: 'src/extension/extension.ts' }, external: ['vscode'], outdir: 'dist', plugins: [apart], supported: { 'dynamic-import': false } },
  { ...node, keepNames: false, entryPoints: { window: 'src/extension/window.ts' }, external: ['vscode'], outdir: 'dist' },
  // ES module builds of tfjs first, so that there is one copy of its core in the bundle.
  { ...node, entryPoints: { hostProgram: 'src/host/main.ts' }, outdir: 'dist', plugins: [realBaseClass, nativeBeside, importBeside] },
  { ...node, keepNames: false, entryPoints: { host: 'src/host/launch/main.ts', nativeImport: 'src/host/launch/nativeImport.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { tensorflowSmoke: 'src/components/smoke/main.ts', uninstall: 'src/components/uninstall.ts' }, outdir: 'dist' },
  { ...node, entryPoints: { typescriptPlugin: 'src/tsserver/plugin.ts' }, outdir: 'dist', footer: { js: 'module.exports = module.exports.default;' } },
  { ...shared, platform: 'browser', format: 'iife', target: 'es2022', jsx: 'automatic', jsxImportSource: 'preact',
    entryPoints: { doctor: 'src/webview/doctor/main.tsx', webview: 'src/webview/main.tsx', preview: 'src/webview/preview/main.tsx', runs: 'src/webview/runs/main.tsx' }, outdir: 'dist', plugins: [workerText] },
];

/** The types that the editor shows for 'vae-lab', from the library's own source. */
function emitTypes() {
  const tsc = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'src/vae', '--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', 'src', '--outDir', 'dist/types'],
    { cwd: root, stdio: 'inherit' });
  if (tsc.status !== 0) throw new Error('The types of vae-lab could not be made.');
  for (const name of ['tfjs', 'tfjs-core', 'tfjs-layers', 'tfjs-converter', 'tfjs-data']) {
    const from = path.join(path.dirname(require.resolve(`@tensorflow/${name}/package.json`)), 'dist');
    const filter = (file) => !/_test\.d\.ts$/.test(file) && (/\.d\.ts$/.test(file) || statSync(file).isDirectory());
    cpSync(from, at('dist/types/tensorflow', name, 'dist'), { recursive: true, filter });
  }
}

const started = performance.now();
rmSync(at('dist'), { recursive: true, force: true });
await makeWasm(at('dist/wasm'));
copyBindingSources(path.join(path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'binding'), at('dist/tensorflow/binding'));
cpSync(require('node-api-headers').include_dir, at('dist/tensorflow/node-api'), { recursive: true });
copyOnnxruntime(at('dist/onnxruntime'));
if (watch) {
  for (const options of builds) await (await esbuild.context(options)).watch();
  emitTypes();
  console.log('[watch] build finished, watching for changes');
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)));
  emitTypes();
  console.log(`Built dist/ in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { compileNative } from '../../../../../src/host/engines/compiled/native/compile.mjs';
import { temporaryFolder } from '../../../../temporaryFolder';

it('a bundle holds no compiler and takes the kernels from beside it', async () => {
  const folder = temporaryFolder();
  const { metafile } = await build({
    entryPoints: { kernels: 'src/host/engines/compiled/native/kernels.ts' }, bundle: true, platform: 'node', format: 'cjs', outdir: folder, metafile: true,
  });
  expect(Object.keys(metafile.inputs)).toEqual(['src/host/engines/compiled/native/kernels.ts']);
  await mkdir(path.join(folder, 'wasm'));
  await writeFile(path.join(folder, 'wasm', 'native.wasm'), await compileNative());
  const script = 'require("./kernels.js").loadKernels(new WebAssembly.Memory({ initial: 1 })).then((kernels) => console.log(typeof kernels.adam, kernels.heapBase()))';
  expect(execFileSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' })).toMatch(/^function \d+\n$/);
});

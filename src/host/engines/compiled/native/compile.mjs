// Compiles the AssemblyScript of this folder: for the build, and for whoever runs the sources without one. Never part of a bundle.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'assembly');

/** The WebAssembly module's bytes, after about a second. @throws Error with the compiler's output. */
export async function compileNative() {
  const { default: asc } = await import('assemblyscript/asc');
  const sources = new Map(readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
  let binary;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'native.wasm', '--runtime', 'stub', '--use', 'abort=', '-O3', '--noAssert', '--enable', 'simd', '--importMemory'], {
    readFile: (name) => sources.get(path.basename(name)) ?? null,
    writeFile: (_, contents) => { binary = contents; },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`The WebAssembly kernels could not be compiled:\n${stderr.toString()}`);
  return binary;
}

// Compiles the AssemblyScript of this folder: for the build, and for whoever runs the sources without one. Never part of a bundle.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), 'assembly');
const cache = path.join(folder, '..', '..', '..', '..', '..', '..', '.cache');
const OPTIONS = ['--runtime', 'stub', '--use', 'abort=', '-O3', '--noAssert', '--enable', 'simd', '--importMemory'];

/** The WebAssembly module's bytes, after a second or more; kept in .cache for the same sources and compiler. @throws Error with the compiler's output. */
export async function compileNative() {
  const sources = new Map(readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json');
  const key = createHash('sha256').update(JSON.stringify([version, OPTIONS, ...sources])).digest('hex').slice(0, 16);
  const kept = path.join(cache, `native-${key}.wasm`);
  if (existsSync(kept)) return readFileSync(kept);
  const { default: asc } = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'native.wasm', ...OPTIONS], {
    readFile: (name) => sources.get(path.basename(name)) ?? null,
    writeFile: (_, contents) => { binary = contents; },
    listFiles: () => [],
  });
  if (error || !binary) throw new Error(`The WebAssembly kernels could not be compiled:\n${stderr.toString()}`);
  const aside = `${kept}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  writeFileSync(aside, binary);
  renameSync(aside, kept); // whole, though two compile at once
  return binary;
}

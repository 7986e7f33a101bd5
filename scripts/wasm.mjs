import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileNative } from '../src/host/engines/compiled/native/compile.mjs';

/** Puts every WebAssembly module that a host loads into a folder: TensorFlow.js's, and the kernels compiled from src. */
export async function makeWasm(folder) {
  mkdirSync(folder, { recursive: true });
  const from = path.join(path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');
  for (const file of readdirSync(from)) if (file.endsWith('.wasm')) cpSync(path.join(from, file), path.join(folder, file));
  writeFileSync(path.join(folder, 'native.wasm'), await compileNative());
}

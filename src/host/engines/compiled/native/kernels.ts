import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What assembly/index.ts exports. Addresses are bytes from the start of the memory, counts are elements. */
export interface Kernels {
  heapBase(): number;
  /** Gives the sum of the gradient's squares. */
  adam(w: number, m: number, v: number, g: number, count: number, stepSize: number, vScale: number, beta1: number, rest1: number, beta2: number, rest2: number, epsilon: number, keep: number): number;
  rmsprop(w: number, v: number, g: number, count: number, learningRate: number, decay: number, rest: number, epsilon: number): void;
  momentum(w: number, m: number, g: number, count: number, learningRate: number, factor: number): void;
  nesterov(w: number, m: number, g: number, count: number, learningRate: number, factor: number): void;
  sgd(w: number, g: number, count: number, learningRate: number): void;
  scale(x: number, count: number, factor: number): void;
  flush(x: number, count: number, below: number): void;
  /** 0 or 1. */
  allFinite(x: number, count: number): number;
  sumOfSquares(x: number, count: number): number;
  uniforms(state: number, out: number, count: number): void;
  normals(state: number, out: number, count: number): void;
  binarize(state: number, values: number, count: number): void;
  bytesToUnit(bytes: number, out: number, count: number): void;
}
const names: { readonly [K in keyof Kernels]: true } = {
  heapBase: true, adam: true, rmsprop: true, momentum: true, nesterov: true, sgd: true, scale: true, flush: true, allFinite: true, sumOfSquares: true, uniforms: true, normals: true, binarize: true, bytesToUnit: true,
};

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const built = path.join(__dirname, 'wasm', 'native.wasm');
  if (existsSync(built)) return WebAssembly.compile(Uint8Array.from(await readFile(built)));
  const compiler = pathToFileURL(path.join(__dirname, 'compile.mjs')).href; // not a literal, so that no bundle holds the compiler
  const { compileNative } = await import(compiler) as typeof import('./compile.mjs');
  return WebAssembly.compile(Uint8Array.from(await compileNative()));
}

/** The WebAssembly kernels, working on `memory`: from the .wasm beside the bundled script, else compiled from their source, once a process. */
export async function loadKernels(memory: WebAssembly.Memory): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(await (compiled ??= compile()), { env: { memory } });
  const missing = Object.keys(names).filter((name) => typeof exports[name] !== 'function');
  if (missing.length > 0) throw new Error(`The WebAssembly kernels lack ${missing.join(', ')}.`);
  return exports as unknown as Kernels;
}

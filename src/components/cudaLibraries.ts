import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from './runProgram';
import { inspectTensorflow } from './tensorflowState';

const TIMEOUT_MS = 10_000;
const wanted = /\blib(cuda|cudart|cudnn|cublas)\.so(\.[\d.]+)?/;

/** CUDA's libraries in what `ldconfig -p` lists, as file names. */
export function parseLinkerCache(text: string): string[] {
  return [...new Set(text.split('\n').flatMap((line) => wanted.exec(line.trim())?.[0] ?? []))].sort();
}

/** CUDA's libraries that programs find here: the system's, and those that came with the TensorFlow component. Names only. */
export async function cudaLibraries(): Promise<string[]> {
  const cache = process.platform === 'linux' ? await runProgram('ldconfig', ['-p'], { timeoutMs: TIMEOUT_MS, env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/sbin:/usr/sbin` } }) : undefined;
  const toolkit = process.env['CUDA_PATH'];
  const component = await inspectTensorflow();
  const carried = component.kind === 'installed' && component.variant === 'gpu' ? await readdir(path.join(component.folder, 'deps', 'nvidia')).catch(() => []) : [];
  return [...parseLinkerCache(cache?.text ?? ''), ...(toolkit === undefined ? [] : [`CUDA_PATH=${toolkit}`]), ...carried.sort().map((name) => `nvidia-${name} (TensorFlow)`)];
}

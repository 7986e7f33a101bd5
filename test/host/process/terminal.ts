import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

export interface Ran { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs a program to its end. Not spawnSync: a worker that is blocked for long cannot answer its test runner. */
export async function run(program: string, args: readonly string[], options: Pick<SpawnOptions, 'cwd' | 'env'> = {}): Promise<Ran> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: process.env, ...options });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { status: child.exitCode, stdout, stderr };
}

const script = path.resolve('bin/vae-lab.js');
/** `vae-lab`, under `options`. */
export const cliWith = (options: Pick<SpawnOptions, 'cwd' | 'env'>, ...args: readonly string[]): Promise<Ran> => run(process.execPath, [script, ...args], options);
export const cli = (...args: readonly string[]): Promise<Ran> => cliWith({}, ...args);

import { spawn } from 'node:child_process';

export interface Output { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly text: string }
/** Runs a program to its end, its output kept; `undefined` where there is no such program. One that takes too long is killed, and not waited for: a driver may hold it where no signal reaches it. @throws AbortError */
export function runProgram(command: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv | undefined; signal?: AbortSignal | undefined; timeoutMs?: number } = {}): Promise<Output | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, env: options.env, signal: options.signal });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ code: null, signal: 'SIGKILL', text });
    }, options.timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      if (options.signal?.aborted) reject(error); else resolve(undefined);
    });
    child.on('close', (code, ended) => {
      clearTimeout(timer);
      resolve({ code, signal: ended, text });
    });
  });
}

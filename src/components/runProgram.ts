import { spawn } from 'node:child_process';

export interface Output { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly text: string }
/** Runs a program to its end, its output kept; `undefined` where there is no such program. @throws AbortError */
export function runProgram(command: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv | undefined; signal?: AbortSignal | undefined; timeoutMs?: number } = {}): Promise<Output | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env, signal: options.signal, timeout: options.timeoutMs });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.on('error', (error) => { if (options.signal?.aborted) reject(error); else resolve(undefined); });
    child.on('close', (code, ended) => { resolve({ code, signal: ended, text }); });
  });
}

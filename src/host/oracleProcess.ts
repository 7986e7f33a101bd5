import { spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { encodeSafetensors, type StoredTensor } from '../runs/safetensors';
import { scratchFolder } from '../runs/scratch';
import { gradientsFile, oracleAnswerSchema, type OracleAnswer, type OracleRequest } from './oracle';

/** TensorFlow.js in plain JavaScript takes seconds for a large convolutional model. */
const LIMIT_MS = 10 * 60_000;
const KEPT = 4000;

/** There is no answer; the message says why. */
export class OracleError extends Error {}

/** What an oracle found: by how much the gradients of each draw differ from its own. */
export interface Compared {
  /** The engine that computed. */
  readonly oracle: string;
  readonly errors: readonly number[];
}
export interface OracleOptions {
  /** This very program: what runs it, and its script. */
  readonly node: string;
  readonly script: string;
  readonly signal: AbortSignal;
}

/** The person's code may have written lines of its own. */
function answerIn(said: string): OracleAnswer | undefined {
  const line = /^\{"outcome".*\}$/m.exec(said)?.[0];
  try {
    return line === undefined ? undefined : oracleAnswerSchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function run({ node, script, signal }: OracleOptions, folder: string): Promise<OracleAnswer> {
  const limit = Number(process.env['VAE_LAB_ORACLE_MS'] ?? LIMIT_MS);
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new OracleError('The run ended before.'));
      return;
    }
    const child = spawn(node, [script, JSON.stringify({ role: 'oracle', folder, host: process.pid })], { windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [said, complained, late] = ['', '', false];
    const end = (): void => { child.kill('SIGKILL'); };
    const timer = setTimeout(() => { late = true; end(); }, limit);
    signal.addEventListener('abort', end, { once: true });
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { complained = (complained + chunk.toString()).slice(-KEPT); });
    child.once('spawn', () => { try { os.setPriority(child.pid ?? 0, os.constants.priority.PRIORITY_BELOW_NORMAL); } catch { /* it only trains beside it more slowly */ } });
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };
    child.once('error', (error) => {
      settle();
      reject(new OracleError(`The process of the other engine could not be started: ${error.message}.`));
    });
    child.once('close', (code, killedBy) => {
      settle();
      const answer = answerIn(said);
      if (answer) resolve(answer);
      else if (signal.aborted) reject(new OracleError('The run ended before.'));
      else if (late) reject(new OracleError(`The process of the other engine took longer than ${limit / 1000} s.`));
      else {
        console.error(complained.trim());
        reject(new OracleError(`The process of the other engine ended with ${killedBy ?? `code ${code ?? '?'}`}; the log of the run says more.`));
      }
    });
  });
}

/** Has an oracle compute a model's gradients in a process of its own, from these weights, and compare each draw's with those given. @throws OracleError */
export async function askOracle(options: OracleOptions, request: OracleRequest, weights: readonly StoredTensor[], gradients: readonly (readonly StoredTensor[])[]): Promise<Compared> {
  const folder = scratchFolder();
  try {
    await writeFile(path.join(folder, 'request.json'), JSON.stringify(request));
    await writeFile(path.join(folder, 'weights.safetensors'), encodeSafetensors(weights, {}, false));
    for (const [draw, own] of gradients.entries()) await writeFile(gradientsFile(folder, draw), encodeSafetensors(own, {}, false));
    const answer = await run(options, folder);
    if (answer.outcome === 'failed') throw new OracleError(answer.message);
    return answer;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

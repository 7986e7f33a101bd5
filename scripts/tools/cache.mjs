// Tools that the tests and `npm start` need, installed from npm packages into a cache folder outside the clone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const cacheFolder = process.env.VAE_LAB_CACHE ?? path.join(os.homedir(), '.cache', 'vae-lab-dev');

/** npm as it was started: Windows starts no script by its name. */
function started(command, args) {
  const script = process.env.npm_execpath;
  return command === 'npm' && script !== undefined && path.basename(script) === 'npm-cli.js' ? [process.execPath, [script, ...args]] : [command, args];
}

/** Runs a command, its output kept and shown only when it fails. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(...started(command, args), { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-4000)}`))));
  });
}

const UNWRITTEN_MS = 10_000;
const alive = (pid) => { try { process.kill(pid, 0); return true; } catch { return false; } };

/** Of a process that is gone, or that ended before it had written its number. */
function isStale(lock) {
  try {
    const owner = readFileSync(lock, 'utf8');
    return owner === '' ? Date.now() - statSync(lock).mtimeMs > UNWRITTEN_MS : !alive(Number(owner));
  } catch { return false; } // it has just been given back
}

/** One process at a time; the lock of a process that is gone is taken over. */
async function locked(name, work) {
  const lock = path.join(cacheFolder, `${name}.lock`);
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isStale(lock)) rmSync(lock, { force: true });
      else await new Promise((resolve) => { setTimeout(resolve, 500); });
    }
  }
  try { return await work(); } finally { rmSync(lock, { force: true }); }
}

/** The folder of a tool; `install(folder)` fills it the first time, aside, so that half an install is never used. */
export async function cached(name, what, install) {
  const folder = path.join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder, { recursive: true });
  return locked(name, async () => {
    if (existsSync(folder)) return folder;
    console.error(`Setting up ${what} (once; kept in ${cacheFolder}) ...`);
    const started = performance.now();
    const aside = `${folder}.partial`;
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    writeFileSync(path.join(aside, 'package.json'), '{"private":true}');
    await install(aside);
    renameSync(aside, folder);
    console.error(`${what}: ready after ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return folder;
  });
}

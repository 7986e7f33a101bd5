// Times whole runs of samples/digits.vae.ts, from the built dist/: npm run bench:runs [-- --rounds 3 --epochs 3 --alone]. Figures of this machine at this hour; nothing is asserted.
// Three epochs beside the usual PyTorch script, in turns; the time to the first step; one z decoded while training.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { ensureTorchvision } from '../../scripts/tools/pytorch.mjs';
import { closeHost, startRun, type RunConnection } from '../../src/client/hosts';
import { listRuns } from '../../src/runs/registry';
import { median } from './rows';

const LATENT = 20;
const DECODES = 300;
const STARTS = 5;
const MESSAGES = 40;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, epochs: { type: 'string', default: '3' }, alone: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);
const model = path.resolve('samples', 'digits.vae.ts');
const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-bench-'));
const torchvision = path.join(top, 'torchvision');
const given = [process.env['VAE_LAB_DATA'], path.join('..', 'shared', 'data')].find((folder) => folder !== undefined && existsSync(folder));
const data = given === undefined ? undefined : unpack(given);
process.env['VAE_LAB_STATE'] = path.join(top, 'state'); // the person's own list of runs stays as it is
const line = (what: string, figure: string, wanted: string): void => { console.log(`${what.padEnd(58)} ${figure.padEnd(46)} wanted: ${wanted}`); };
const quantile = (times: readonly number[], q: number): number => [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(q * times.length))] ?? NaN;
const ms = (time: number): string => `${time.toFixed(time < 100 ? 1 : 0)} ms`;
const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;

/** Milliseconds from the start of a process to its first line that `until` accepts, else to its end. @throws Error where it fails. */
async function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv, until?: (line: string) => boolean): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => { child.on('error', reject).on('exit', resolve); });
  let seen: number | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    if (seen !== undefined || !until?.(text)) continue;
    seen = performance.now() - began;
    child.kill('SIGINT');
  }
  const code = await ended;
  if (seen === undefined && code !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} ended with ${String(code)}.`);
  return seen ?? performance.now() - began;
}

/** MNIST's four files unpacked, as a download leaves them, and where torchvision looks for them. */
function unpack(from: string): string {
  const raw = path.join(torchvision, 'MNIST', 'raw');
  mkdirSync(raw, { recursive: true });
  for (const name of ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte']) {
    const file = [from, path.join(from, 'mnist')].flatMap((folder) => [path.join(folder, name), path.join(folder, `${name}.gz`)]).find(existsSync);
    if (file === undefined) throw new Error(`${from} has no ${name}.`);
    const bytes = readFileSync(file);
    writeFileSync(path.join(raw, name), file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  }
  return raw;
}

const train = (epochs: string): string[] => ['dist/cli.js', 'train', model, '--epochs', epochs, '--json', '--out', path.join(top, 'runs'), ...(data === undefined ? [] : ['--data', data])];

async function epochs(): Promise<void> {
  const own: number[] = [];
  const theirs: number[] = [];
  const peer = values.alone || data === undefined ? undefined : await ensureTorchvision();
  for (let round = 0; round < rounds; round++) {
    own.push(await timed(process.execPath, train(values.epochs), {}));
    if (peer) theirs.push(await timed(peer.python, ['test/bench/usual/train.py', torchvision, values.epochs], { PYTHONPATH: peer.site }));
  }
  const ratio = median(own.map((time, i) => time / (theirs[i] ?? NaN)));
  line(`${values.epochs} epochs, whole process (medians of ${rounds})`, peer ? `${seconds(median(own))}, PyTorch ${seconds(median(theirs))}; ratio ${ratio.toFixed(2)}` : seconds(median(own)), 'ratio 0.30 or less');
}

async function firstStep(): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) times.push(await timed(process.execPath, train('3'), {}, (text) => text.includes('"type":"metrics"')));
  line(`command to first step, data at hand (${STARTS} times; first, median)`, `${ms(times[0] ?? NaN)}, ${ms(median(times))}`, '1500 ms or less');
}

/** Milliseconds a step of a run that nobody asks anything, start left out: the median of what lies between two messages. */
async function stepAlone(api: RunConnection['api']): Promise<number> {
  const all: number[] = [];
  let before: { step: number; at: number } | undefined;
  await new Promise<void>((resolve) => {
    api.on('metrics', ({ points }) => {
      const now = { step: points.at(-1)?.step ?? 0, at: performance.now() };
      if (before && now.step > before.step) all.push((now.at - before.at) / (now.step - before.step));
      before = now;
      if (all.length >= MESSAGES) resolve();
    });
  });
  return median(all.slice(MESSAGES / 2));
}

async function decoding(): Promise<void> {
  const { api, close } = await startRun({ node: process.execPath, hostScript: path.resolve('dist', 'host.js'), modelFile: model, engine: 'auto', runsFolder: path.join(top, 'runs'), dataFolder: data, epochs: 1000 });
  const step = await stepAlone(api);
  const times: number[] = [];
  for (let i = 0; i < DECODES; i++) {
    const z = Float32Array.from({ length: LATENT }, (_, axis) => Math.sin(i / 10 + axis));
    const began = performance.now();
    await api.request('decode', { z });
    times.push(performance.now() - began);
  }
  line(`one z decoded while training (${DECODES} times; median, p95)`, `${ms(quantile(times, 0.5))}, ${ms(quantile(times, 0.95))}; a step is ${ms(step)}`, `p95 ${ms(step + 5)} or less`);
  close();
}

try {
  await epochs();
  await firstStep();
  await decoding();
} finally {
  for (const { manifest } of await listRuns()) await closeHost(manifest.id); // they write until then
  rmSync(top, { recursive: true, force: true });
}

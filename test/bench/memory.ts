// Memory of a training host over many steps of the reference VAE, on Linux: npm run bench:memory [-- --steps 20000 --engine compiled --model samples/digits.vae.ts]. Nothing is asserted. Run npm run build first.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startRun } from '../../src/client/hosts';
import { isLive } from '../../src/protocol/run';
import { findHost } from '../../src/runs/registry';

const SAMPLES = 20;
const { values } = parseArgs({ options: { steps: { type: 'string', default: '20000' }, engine: { type: 'string', default: 'compiled' }, model: { type: 'string', default: 'samples/digits.vae.ts' }, epoch: { type: 'string', default: '468' } } });
const steps = Number(values.steps);
const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-memory-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state'); // where no model has been compared before

/** Of a process, in MB: what it holds now, and the most it has held. */
function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

/** Of the least-squares line through points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

async function main(): Promise<void> {
  const run = await startRun({
    node: process.execPath, hostScript: path.resolve('dist/host.js'), modelFile: path.resolve(values.model), runsFolder: path.join(top, 'runs'), engine: values.engine,
    epochs: Math.ceil(steps / Number(values.epoch)), dataFolder: process.env['VAE_LAB_DATA'],
  });
  const pid = (await findHost(run.runId))?.pid ?? 0;
  const points: [number, number][] = [];
  const ended = new Promise<string>((resolve) => {
    run.api.on('state', ({ state }) => { if (!isLive(state)) resolve(state.kind === 'failed' ? state.error.message : state.kind); });
    run.onClose(() => { resolve('The host is gone.'); });
  });
  run.api.on('manifest', ({ engine, device, gate }) => { console.log(`${engine}, ${device}; gradients ${gate === undefined ? 'being compared' : JSON.stringify(gate)}`); });
  run.api.on('metrics', ({ points: told }) => {
    const step = told.at(-1)?.step ?? 0;
    if (step < points.length * steps / SAMPLES) return;
    points.push([step, memoryOf(pid).now]);
    console.log(`step ${String(step).padStart(6)}  ${memoryOf(pid).now.toFixed(0)} MB`);
    if (step >= steps) void run.api.request('stop', {}).catch(() => undefined);
  });
  console.log(await ended);
  const later = points.slice(Math.floor(points.length / 2));
  console.log(`peak ${memoryOf(pid).peak.toFixed(0)} MB; over the last half ${(slope(later) * 1000).toFixed(3)} MB per 1,000 steps`);
  const gone = new Promise<void>((resolve) => { run.onClose(resolve); });
  await run.api.request('shutdown', {}).catch(() => undefined);
  await gone;
}
main().catch((error: unknown) => { console.error(error); process.exitCode = 1; }).finally(() => { rmSync(top, { recursive: true, force: true }); });

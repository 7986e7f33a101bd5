import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { watch } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { resumeRun } from '../../src/client/resumeRun';
import { startRun, type RunConnection } from '../../src/client/hosts';
import { isLive } from '../../src/protocol/run';
import { ASIDE } from '../../src/runs/atomicFile';
import { processStart } from '../../src/runs/processStart';
import { RunDirectory } from '../../src/runs/runDirectory';
import { findHost, listRuns } from '../../src/runs/registry';
import { Random } from '../../src/host/training/random';
import { differences, KEEP_EVERY, outcome } from './comparison';

const hostScript = path.resolve('dist/host.js');
const node = process.execPath;
/** As long as a host gets ready, about. */
const PREPARING_MS = 1000;
/** Points are told ten times a second: a kill comes at any moment between. */
const TELLING_MS = 100;
/** The part of a run between two kills is a random number of steps below this part of all. */
const BETWEEN = 0.25;
const model = (epochs: number): string => `import { adam, sprites, vae } from 'vae-lab';
export const m = vae({ data: sprites({ trainCount: 192, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 48, activation: 'relu' }), layers.dropout({ rate: 0.1 }), layers.batchNormalization()],
  decoder: ({ layers }) => [layers.dense({ units: 48, activation: 'relu' })],
  training: { epochs: ${epochs}, batchSize: 32, optimizer: adam({ learningRate: 2e-3 }), seed: 4 } });
`;

export interface KillOptions {
  readonly times: number;
  readonly engine?: string;
  readonly seed?: number;
  readonly epochs?: number;
  readonly onKill?: (kills: number, steps: number) => void;
}
export interface KillReport {
  readonly kills: number;
  /** Kills while the host got ready, and while a file was half written; it trained otherwise. */
  readonly preparing: number;
  readonly writing: number;
  readonly runs: number;
  /** Steps that had to be trained again. */
  readonly again: number;
  /** What differed from the run that never stopped; empty: nothing. */
  readonly lost: readonly string[];
}

/** Resolves when a checkpoint begins to be written. */
const writing = (dir: string): Promise<void> => new Promise((resolve) => {
  const watcher = watch(path.join(dir, 'checkpoints'), { persistent: false }, (_event, name) => {
    if (!name?.endsWith('.tmp')) return;
    watcher.close();
    resolve();
  });
});
/** Resolves when the run tells of a step, so many after the one from which it goes on: on a slow machine too a run gets on between two kills. */
const trained = (run: RunConnection, steps: number): Promise<void> => new Promise((resolve) => {
  let from: number | undefined;
  run.api.on('metrics', ({ points }) => { if (points.some(({ step }) => step >= (from ?? Infinity) + steps)) resolve(); });
  void run.api.request('snapshot', {}).then(({ manifest }) => { from = manifest.lastStep; }, () => undefined);
});
/** Resolves when the run has ended by itself. */
const end = (run: RunConnection): Promise<void> => new Promise((resolve) => {
  run.api.on('state', ({ state }) => { if (!isLive(state)) resolve(); });
  void run.api.request('snapshot', {}).then(({ manifest }) => { if (!isLive(manifest.state)) resolve(); }, () => undefined); // killed before it answered
});
const closed = (run: RunConnection): Promise<void> => new Promise((resolve) => { run.onClose(resolve); });
const leftovers = async (dir: string): Promise<string[]> => (await readdir(dir, { recursive: true })).filter((name) => ASIDE.test(name));

/** Kills the host of one run again and again, at moments drawn by `seed`, resumes it each time, and compares with the run that never stopped. The build must be in dist/. */
export async function soakKills({ times, engine = 'wasm', seed = 1, epochs = 60, onKill }: KillOptions): Promise<KillReport> {
  const top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-soak-'));
  Object.assign(process.env, { VAE_LAB_STATE: path.join(top, 'state'), VAE_LAB_SAVE_MS: '40', VAE_LAB_IDLE_MS: '200' });
  const random = new Random(seed);
  const report = { kills: 0, preparing: 0, writing: 0, runs: 0, again: 0, lost: [] as string[] };
  try {
    const modelFile = path.join(top, 'm.vae.ts');
    await writeFile(modelFile, model(epochs));
    const start = (): Promise<RunConnection> => startRun({ node, hostScript, modelFile, runsFolder: path.join(top, 'runs'), engine, keepEvery: KEEP_EVERY });
    const whole = await start();
    await end(whole);
    const expected = await outcome(whole.dir);
    const { manifest: { lastStep: total } } = await whole.api.request('snapshot', {});
    whole.close();
    while (report.kills < times) {
      report.runs++;
      let run = await start();
      for (let ended = false; !ended;) {
        if (report.kills >= times) {
          await end(run);
          break;
        }
        const finished = end(run).then(() => true);
        const { pid } = await findHost(run.runId) ?? {};
        if (pid === undefined) throw new Error('The host is gone without having been killed.');
        const gone = closed(run);
        const early = random.uniform() < 0.3;
        const [steps, atWriting, beside] = [random.uniform() * BETWEEN * total, random.uniform() < 0.6, random.uniform()];
        const reached = early ? setTimeout(beside * PREPARING_MS) : trained(run, steps).then(() => (atWriting ? writing(run.dir) : setTimeout(beside * TELLING_MS)));
        ended = await Promise.race([finished, reached.then(() => { if (!ended) process.kill(pid, 'SIGKILL'); return false; })]);
        if (ended) break;
        await gone;
        while (processStart(pid) !== undefined) await new Promise((resolve) => { setImmediate(resolve); }); // its sockets close first
        report.kills++;
        if ((await new RunDirectory(run.dir).readManifest()).state.kind === 'preparing') report.preparing++;
        const listed = (await listRuns()).find(({ manifest }) => manifest.id === run.runId);
        if (listed?.live !== false || listed.manifest.state.kind !== 'interrupted') report.lost.push(`kill ${report.kills}: the run is listed as ${listed?.manifest.state.kind ?? 'nothing'}`);
        if ((await leftovers(run.dir)).length > 0) report.writing++;
        const before = listed?.manifest.lastStep ?? 0;
        run = await resumeRun({ node, hostScript, dir: run.dir, runId: run.runId });
        const { manifest: { lastStep } } = await run.api.request('snapshot', {});
        report.again += Math.max(0, before - lastStep);
        onKill?.(report.kills, before);
      }
      run.close();
      report.lost.push(...differences(await outcome(run.dir), expected).map((what) => `run ${report.runs}: ${what}`), ...(await leftovers(run.dir)).map((name) => `run ${report.runs}: ${name} is left over`));
    }
    return report;
  } finally {
    for (const { manifest } of await listRuns()) { const host = await findHost(manifest.id); if (host) process.kill(host.pid, 'SIGKILL'); }
    await rm(top, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { hostFiles } from '../runs/registry';
import type { NamedEngine, Origin, Program } from './engines/index';
import type { TrainerHostOptions } from './options';

/** A driver that does not answer for so long hangs. The first call of a kind may compile kernels for a card that a library does not know yet. */
const LIMIT_MS = 60_000;
const FIRST_LIMIT_MS = 30 * 60_000;
/** What the processor computes, however long it takes. */
const onProcessor: ReadonlySet<string> = new Set(['eagerGradients', 'findNonFinite', 'renew']);
const TICKS = 20;
const MOST_TICK_MS = 1000;
/** Of what the thread looks at: the call that is under way, 0 for none, and how long it may take, in milliseconds. */
const [CALL, LIMIT] = [0, 1];

/**
 * Runs beside the main thread, which a driver keeps. Time is what it counts itself: of a machine that slept none has passed. The next host finds in run.json what was lost: at once where
 * the run trains, else when a person wants it to go on or looks at it. Files that say who serves the run go, since a process that its driver keeps may not even die.
 */
const WATCH = `
const { workerData: w } = require('node:worker_threads');
const fs = require('node:fs');
const shared = new Int32Array(w.shared);
let [call, waited] = [0, 0];
setInterval(() => {
  const now = Atomics.load(shared, ${CALL});
  const limit = Atomics.load(shared, ${LIMIT});
  waited = now !== 0 && now === call ? waited + w.tickMs : 0;
  call = now;
  if (now === 0 || waited < limit) return;
  const why = w.sentence.replace('{0}', String(limit / 1000));
  try {
    const manifest = JSON.parse(fs.readFileSync(w.runJson, 'utf8'));
    const { state } = manifest;
    const trains = ['preparing', 'running'].includes(state.kind);
    for (const file of w.files) fs.rmSync(file, { force: true });
    fs.writeFileSync(w.runJson + '.watchdog.tmp', JSON.stringify({ ...manifest, state: trains || state.kind === 'paused' ? { kind: 'interrupted' } : state, lost: { engine: w.engine, why } }));
    fs.renameSync(w.runJson + '.watchdog.tmp', w.runJson);
    const log = fs.openSync(w.log, 'a');
    fs.writeSync(log, why + '\\n');
    if (trains) require('node:child_process').spawn(w.node, [w.script, JSON.stringify({ ...w.options, modelFile: manifest.modelFile, modelName: manifest.modelName, engine: manifest.engine })], { detached: true, windowsHide: true, stdio: ['ignore', 'ignore', log] }).unref();
  } finally { process.kill(process.pid, 'SIGKILL'); }
}, w.tickMs);`;

export interface Watched {
  readonly engine: NamedEngine;
  readonly origin: Pick<Origin, 'node' | 'script'>;
  readonly run: Pick<TrainerHostOptions, 'runId' | 'dir' | 'dataFolder' | 'dataMirrors'>;
}

/**
 * A program in this process whose device may never answer: then another host goes on with the run, without that engine, and this process ends. For a program that is too fast to be asked
 * from process to process.
 */
export function watchedProgram(program: Program, { engine, origin: { node, script }, run: { runId, dir, dataFolder, dataMirrors } }: Watched): Program {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const warm = new Set<string>();
  /** How long each call that is under way may take, the newest last. */
  const under = new Map<number, number>();
  let calls = 0;
  const limitOf = (key: string): number => Number(process.env['VAE_LAB_DEVICE_MS'] ?? (warm.has(key) ? LIMIT_MS : FIRST_LIMIT_MS));
  const look = (): void => {
    const [call, limit] = [...under].at(-1) ?? [0, 0];
    Atomics.store(shared, LIMIT, limit);
    Atomics.store(shared, CALL, call);
  };
  const during = async (name: string, key: string, work: () => unknown): Promise<unknown> => {
    const call = ++calls;
    under.set(call, limitOf(key));
    look();
    try {
      const answer = await work();
      if (!onProcessor.has(name)) warm.add(key);
      else if (name === 'renew' && answer === true) warm.clear();
      return answer;
    } finally {
      under.delete(call);
      look();
    }
  };
  const worker = new Worker(WATCH, {
    eval: true,
    workerData: {
      shared: shared.buffer, tickMs: Math.min(MOST_TICK_MS, limitOf('') / TICKS), engine, sentence: 'The graphics driver did not answer for {0} s.', node, script, runJson: path.join(dir, 'run.json'), log: path.join(dir, 'host.log'), files: hostFiles(runId),
      options: { role: 'trainer', runId, dir, set: {}, resume: true, dataFolder, dataMirrors },
    },
  });
  worker.unref();
  return new Proxy(program, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      if (name === 'dispose') return () => { void worker.terminate(); target.dispose(); };
      return (...args: unknown[]) => during(name, [name, ...args.map(sizeIn)].join(' '), (): unknown => Reflect.apply(value, target, args));
    },
  });
}

/** A number of examples, by which graphs differ. */
function sizeIn(argument: unknown): number | undefined {
  if (typeof argument === 'number') return argument;
  return typeof argument === 'object' && argument !== null && 'count' in argument && typeof argument.count === 'number' ? argument.count : undefined;
}

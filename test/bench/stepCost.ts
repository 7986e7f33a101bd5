// What a training step costs while something of the editor is on, in processor time.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { RunConnection } from '../../src/client/hosts';
import { median } from './rows';
import { startedHere } from '../soak/residence';

/** Processor time of a process and its threads, in ms. Linux. */
function cpu(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A live run, and the processes that compute and show it. */
export interface LiveRun { readonly page: Page; readonly folder: string; readonly api: RunConnection['api']; readonly host: number; readonly extensionHost: number }

const stepNow = async ({ api }: LiveRun): Promise<number> => (await api.request('snapshot', {})).manifest.lastStep;
function untilStep({ api }: LiveRun, step: number): Promise<void> {
  return new Promise((resolve) => {
    const off = api.on('metrics', ({ points }) => { if ((points.at(-1)?.step ?? 0) >= step) { off(); resolve(); } });
  });
}

/** Processor time a step in ms, over `steps`. */
export interface StepCost { readonly host: number; readonly extensionHost: number }
async function costOf(live: LiveRun, steps: number): Promise<StepCost> {
  const [from, host, extensionHost] = [await stepNow(live), cpu(live.host), cpu(live.extensionHost)];
  await untilStep(live, from + steps);
  const done = await stepNow(live) - from;
  return { host: (cpu(live.host) - host) / done, extensionHost: (cpu(live.extensionHost) - extensionHost) / done };
}
const SETTLED = 200;
async function settledCost(live: LiveRun, steps: number): Promise<StepCost> {
  await untilStep(live, await stepNow(live) + SETTLED); // what a change itself costs is left out
  return costOf(live, steps);
}
const meanOf = (costs: readonly StepCost[], of: (cost: StepCost) => number): number => costs.reduce((sum, cost) => sum + of(cost), 0) / costs.length;
const inWords = ({ host, extensionHost }: StepCost): string => `${host.toFixed(1)} + ${extensionHost.toFixed(2)}`;
/** By how much the mean cost with something is above that without, in percent, and both in ms. */
function above(on: readonly StepCost[], off: readonly StepCost[]): string {
  const [a, b] = [on, off].map((costs): StepCost => ({ host: meanOf(costs, ({ host }) => host), extensionHost: meanOf(costs, ({ extensionHost }) => extensionHost) }));
  if (!a || !b) return '';
  return `${(100 * ((a.host + a.extensionHost) / (b.host + b.extensionHost) - 1)).toFixed(1)} % (${inWords(b)} to ${inWords(a)} ms)`;
}

export interface HowOften { readonly rounds: number; readonly steps: number }
/** Processors that what draws the window is at work on, while `work` is done. */
async function drawing<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly processors: number }> {
  const spent = (): number => ['--type=renderer', '--type=gpu-process'].flatMap(startedHere).reduce((sum, pid) => sum + cpu(pid), 0);
  const [began, before] = [performance.now(), spent()];
  const result = await work();
  return { result, processors: (spent() - before) / (performance.now() - began) };
}
const BURST_MS = 8;
/** A process that has nothing to do with the editor, at work on so much of a processor, in bursts as a browser is. */
const otherWork = (processors: number): ChildProcess => spawn(process.execPath, ['-e', `
  const memory = new Float64Array(200_000);
  let at = 0;
  setInterval(() => { for (const end = performance.now() + ${BURST_MS}; performance.now() < end; at = (at + 17) % memory.length) memory[at]++; }, ${BURST_MS / processors});`], { stdio: 'ignore' });

/**
 * What something that the window shows adds to a step, all three in turns: against not showing it, and against not showing it beside as much work of another process as drawing it is. A step of a machine
 * whose processors are all at work costs more processor time (caches, memory, clock), whoever is at work: the second is what is added of its own. `own` is what can be named: by how much the extension
 * host's time grows, which trains nothing, and what it asks of the host each second, both as a part of a step's without it.
 */
export async function compare(live: LiveRun, { rounds, steps }: HowOften, set: (on: boolean) => Promise<void>, asks?: () => Promise<unknown>): Promise<{ readonly toNone: string; readonly toOther: string; readonly own: string }> {
  const [shown, none, other]: [StepCost[], StepCost[], StepCost[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    await set(true);
    const drawn = await drawing(() => settledCost(live, steps));
    shown.push(drawn.result);
    await set(false);
    const rest = await drawing(() => settledCost(live, steps));
    none.push(rest.result);
    const working = otherWork(Math.max(0.02, drawn.processors - rest.processors));
    try { other.push(await settledCost(live, steps)); } finally { working.kill('SIGKILL'); }
  }
  const step = meanOf(none, ({ host, extensionHost }) => host + extensionHost);
  const more = median(shown.map(({ extensionHost }) => extensionHost)) - median([...none, ...other].map(({ extensionHost }) => extensionHost));
  const asked = asks ? await costOfAsking(live, asks) / await stepsPerSecond(live) : 0;
  return { toNone: above(shown, none), toOther: above(shown, other), own: `${(100 * (more + asked) / step).toFixed(1)} % (${more.toFixed(2)} + ${asked.toFixed(3)} ms)` };
}
const stepsPerSecond = async ({ api }: LiveRun): Promise<number> => (await api.request('snapshot', {})).speed?.stepsPerSecond ?? NaN;
const QUESTIONS = 300;
/** Processor time of a question in the host, in ms, while it trains nothing. */
async function costOfAsking({ api, host }: LiveRun, ask: () => Promise<unknown>): Promise<number> {
  await api.request('pause', {});
  const before = cpu(host);
  for (let i = 0; i < QUESTIONS; i++) await ask();
  const cost = (cpu(host) - before) / QUESTIONS;
  await api.request('resume', {});
  return cost;
}

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { mutated, mutations } from './mutation';
import type { Target } from './target';
import { watchInputs } from './watchdog';

/** An input may not take longer than this. */
const SLOW_MS = 1000;
/** What a process that reads may take at its largest: Node and the readers alone take some 150. */
export const MEMORY_MB = 1024;

export interface FuzzReport {
  readonly inputs: number;
  /** Read to the end; the others were refused in the errors that are allowed. */
  readonly taken: number;
  /** Of the processor's time. */
  readonly slowestMs: number;
  /** Of this process, up to now. */
  readonly peakMb: number;
}

const seedFolder = (name: string): string => path.join(import.meta.dirname, 'seeds', name);
/** Those of the target, and the files that are kept for it: what was found once among them. */
export async function seedsOf(name: string, { seeds }: Target): Promise<Uint8Array[]> {
  const folder = seedFolder(name);
  return [...await seeds(), ...(existsSync(folder) ? readdirSync(folder).map((file) => new Uint8Array(readFileSync(path.join(folder, file)))) : [])];
}

/** Reads one input. @throws what the target may not throw; Error where it took too long */
async function readOne(target: Target, input: Uint8Array, watch: { reading(input: Uint8Array): void }): Promise<{ taken: boolean; ms: number }> {
  watch.reading(input);
  const [began, used] = [performance.now(), process.cpuUsage()];
  let taken = true;
  try {
    const left = target.read(input);
    if (left instanceof Promise) await left;
  } catch (error) {
    if (!target.refuses.some((kind) => error instanceof kind)) throw error;
    taken = false;
  }
  const { user, system } = process.cpuUsage(used);
  const ms = Math.min(performance.now() - began, (user + system) / 1000); // of the processor's time: other programs may have had it meanwhile
  if (ms > SLOW_MS) throw new Error(`It took ${ms.toFixed(0)} ms.`);
  return { taken, ms };
}

/** Reads the target's seeds and then so many inputs made of them. @throws Error with the input that is read wrongly */
export async function fuzz(name: string, target: Target, { inputs, seed }: { readonly inputs: number; readonly seed: number }): Promise<FuzzReport> {
  mkdirSync('out', { recursive: true });
  const watch = watchInputs(path.join('out', `hung-${name}.bin`));
  const seeds = await seedsOf(name, target);
  const report = { inputs: 0, taken: 0, slowestMs: 0 };
  const count = async (input: Uint8Array): Promise<void> => {
    const { taken, ms } = await readOne(target, input, watch);
    report.inputs++;
    if (taken) report.taken++;
    report.slowestMs = Math.max(report.slowestMs, ms);
  };
  try {
    for (const input of seeds) await count(input);
    const one = fc.constantFrom(...seeds);
    await fc.assert(fc.asyncProperty(one, one, mutations, (from, other, changes) => count(mutated(from, other, changes))), {
      numRuns: Math.max(1, inputs - seeds.length), seed, endOnFailure: true, includeErrorInReport: true,
      reporter: (details) => {
        if (!details.failed || !details.counterexample) return;
        const input = Buffer.from(mutated(...details.counterexample));
        throw new Error(`${name} read ${input.toString('base64').slice(0, 4000)} (${JSON.stringify(input.toString('latin1').slice(0, 300))}) wrongly: ${String(details.errorInstance instanceof Error ? details.errorInstance.stack : details.errorInstance)}`);
      },
    });
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    if (peakMb > MEMORY_MB) throw new Error(`Reading ${name} took ${peakMb} MB at its largest, over the bound of ${MEMORY_MB}.`);
    return { ...report, peakMb };
  } finally {
    await watch.end();
  }
}

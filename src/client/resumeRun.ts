import { setTimeout } from 'node:timers/promises';
import path from 'node:path';
import { isLive } from '../protocol/run';
import { findHost } from '../runs/registry';
import { RunDirectory } from '../runs/runDirectory';
import { connectRun, HostStartError, newRunId, startTrainer, type RunConnection, type StartOptions } from './hosts';

type Place = Pick<StartOptions, 'node' | 'hostScript' | 'dataFolder' | 'dataMirrors'> & { readonly dir: string; readonly runId: string };
export interface BranchOptions extends Omit<Place, 'runId'>, Pick<StartOptions, 'epochs' | 'set' | 'keepEvery'> {
  /** Of the checkpoint; absent: the newest. */
  readonly step?: number | undefined;
  /** With the model file as it is now, where that shapes the same weights. */
  readonly edited?: boolean | undefined;
  /** Absent: that of the run it comes from. */
  readonly engine?: string | undefined;
  /** Absent: beside the run it comes from. */
  readonly runsFolder?: string | undefined;
}
const LEAVE_EVERY_MS = 25;
const LEAVING_MS = 20_000;

/** The host of a run that trains; one that only serves what has ended is told to go. */
async function trainingHost(runId: string): Promise<RunConnection | undefined> {
  if (!(await findHost(runId))) return undefined;
  const run = await connectRun(runId);
  if (isLive((await run.api.request('manifest', {})).state)) return run;
  const closed = new Promise<void>((resolve) => { run.onClose(resolve); });
  await run.api.request('shutdown', {}).catch(() => undefined); // it may be gone before it answers
  await closed;
  for (const until = performance.now() + LEAVING_MS; (await findHost(runId)) && performance.now() < until;) await setTimeout(LEAVE_EVERY_MS);
  return undefined;
}

/** Lets a run that was interrupted, stopped or failed go on from its last checkpoint, and connects to it; to one that trains it only connects. @throws HostStartError; NewerRunError */
export async function resumeRun({ node, hostScript, dir, runId, dataFolder, dataMirrors }: Place): Promise<RunConnection> {
  const training = await trainingHost(runId).catch(() => undefined); // a host that does not answer leaves the run to the next
  if (training) return training;
  const { modelFile, modelName, engine } = await new RunDirectory(dir).readManifest();
  try {
    return await startTrainer(node, hostScript, runId, dir, { modelFile, modelName, engine, set: {}, resume: true, dataFolder, dataMirrors });
  } catch (error) {
    const other = error instanceof HostStartError && error.runError === undefined ? await trainingHost(runId).catch(() => undefined) : undefined; // another window was faster
    if (other) return other;
    throw error;
  }
}

/** Connects to the host that goes on with a run whose last one was taken along by its device; undefined where nobody does. */
export async function takenUp({ dir, id }: { readonly dir: string; readonly id: string }): Promise<RunConnection | undefined> {
  const { lost } = await new RunDirectory(dir).readManifest();
  for (const until = performance.now() + LEAVING_MS; !(await findHost(id));) {
    if (!lost || performance.now() > until) return undefined;
    await setTimeout(LEAVE_EVERY_MS);
  }
  return connectRun(id);
}

/** Starts a run of its own from a checkpoint of another, its newest or that of `step`, with the hyperparameters of `set` changed, and connects to it. @throws HostStartError; NewerRunError */
export async function branchRun({ node, hostScript, dir, step, edited, runsFolder, engine = 'auto', set = {}, epochs, keepEvery, dataFolder, dataMirrors }: BranchOptions): Promise<RunConnection> {
  const { modelFile, modelName } = await new RunDirectory(dir).readManifest();
  const runId = newRunId(modelFile);
  return startTrainer(node, hostScript, runId, path.join(runsFolder ?? path.dirname(dir), runId), { modelFile, modelName, engine, set, epochs, keepEvery, dataFolder, dataMirrors, branch: { dir, step, edited } });
}

import path from 'node:path';
import { branchRun, resumeRun } from '../client/resumeRun';
import { canResume } from '../protocol/run';
import type { ListedRun } from '../runs/registry';
import { engine, hyperparameters, UsageError, whole, type Values } from './arguments';
import { follow } from './train';

const dataFolder = ({ data }: Values): string | undefined => (data === undefined ? undefined : path.resolve(data));

/** Lets a run go on from its last checkpoint, to its end; one that trains is only followed. Returns the exit code. */
export async function resume({ dir, live, manifest }: ListedRun, values: Values, hostScript: string): Promise<number> {
  if (!live && !canResume(manifest)) throw new UsageError(manifest.state.kind === 'completed' ? `${manifest.id} is completed. Train on by: vae-lab branch ${manifest.id} --epochs N` : `${manifest.id} cannot go on: it ${manifest.state.kind}.`);
  return follow(() => resumeRun({ node: process.execPath, hostScript, dir, runId: manifest.id, dataFolder: dataFolder(values) }), values);
}

/** Starts a run of its own from a checkpoint of another, and follows it to its end. Returns the exit code. */
export async function branch({ dir }: ListedRun, values: Values, hostScript: string): Promise<number> {
  const [epochs, step, keepEvery, set] = [whole('epochs', values.epochs, 1), whole('step', values.step, 0), whole('keep-every', values['keep-every'], 1), hyperparameters(values.set)];
  return follow(() => branchRun({
    node: process.execPath, hostScript, dir, step, epochs, set, keepEvery, engine: engine(values.engine), dataFolder: dataFolder(values), ...(values.out === undefined ? {} : { runsFolder: path.resolve(values.out) }),
  }), values);
}

import type { RunDirectory } from '../runs/runDirectory';
import type { NamedTensor } from './engines/index';
import type { TrainerState } from './training/index';

/** Where one engine left off, for another. */
export interface LeftOff { readonly program: readonly NamedTensor[]; readonly trainer: TrainerState }

/** The last checkpoint, where an engine is gone with all that it had trained since. */
export async function lastSaved(directory: RunDirectory): Promise<LeftOff & { readonly step: number } | undefined> {
  const saved = await directory.readCheckpoint();
  return saved && { step: saved.step, program: saved.tensors, trainer: JSON.parse(saved.trainer) as TrainerState };
}

export function discarded(reason: string): string {
  return `${reason} What it had trained is discarded.`;
}
export function resumedFrom(reason: string, step: number): string {
  return `${reason} Training went on from the checkpoint of step ${step}.`;
}

import type { RunDirectory } from '../runs/runDirectory';
import type { NamedTensor } from './engines/index';
import type { TrainerState } from './training/index';
import { parseTrainerState } from './training/trainerState';

/** Where one engine left off, for another. */
export interface LeftOff { readonly program: readonly NamedTensor[]; readonly trainer: TrainerState }

/** The last checkpoint, where an engine is gone with all that it had trained since. */
export async function lastSaved(directory: RunDirectory): Promise<LeftOff & { readonly step: number } | undefined> {
  const { checkpoint: saved } = await directory.checkpoints.newest();
  return saved && { step: saved.step, program: saved.tensors, trainer: parseTrainerState(saved.trainer) };
}

export function discarded(reason: string): string {
  return `${reason} What it had trained is discarded.`;
}
export function resumedFrom(reason: string, step: number): string {
  return `${reason} Training went on from the checkpoint of step ${step}.`;
}

import type { RunDirectory } from '../runs/runDirectory';
import type { Manifest, ModelChange } from '../protocol/run';
import { isWay, type NamedTensor, type Way } from './engines/index';
import type { TrainerState } from './training/index';
import { parseTrainerState } from './training/trainerState';
import type { Work } from './work';

/** Where one engine left off, for another. */
export interface LeftOff { readonly program: readonly NamedTensor[]; readonly trainer: TrainerState }
/** How training begins on an engine: without those refused, each with a sentence why, and from where another left off. */
export interface Start { readonly refused: ReadonlyMap<Way, string>; readonly from?: LeftOff; readonly hyperparameters?: Work['hyperparameters']; /** Those that no hand has set. */ readonly followed?: TrainerState['schedules']; readonly paused?: boolean }

/** The last checkpoint, where an engine is gone with all that it had trained since. */
export async function lastSaved(directory: RunDirectory): Promise<LeftOff & { readonly step: number } | undefined> {
  const { checkpoint: saved } = await directory.checkpoints.newest();
  return saved && { step: saved.step, program: saved.tensors, trainer: parseTrainerState(saved.trainer) };
}

/** What a manifest says where the change after so many others turned out not to train rightly. */
export function takenBackAt(changes: readonly ModelChange[], revision: number, reason: string): { readonly changes: ModelChange[]; readonly stepNotice: string } {
  return { changes: changes.slice(0, revision), stepNotice: `The change of the model at step ${changes[revision]?.step ?? 0} was taken back. ${reason}` };
}
export function refusedIn({ refused = {} }: Pick<Manifest, 'refused'>): Map<Way, string> {
  return new Map(Object.entries(refused).flatMap(([way, why]) => (isWay(way) ? [[way, why]] : [])));
}
/** What a run that goes on from a step leaves out; from its beginning engines are tried again, but for one whose device took the last host along. */
export function refusedSince({ refused = {}, lost }: Pick<Manifest, 'refused' | 'lost'>, step: number | undefined): Map<Way, string> {
  return refusedIn({ refused: { ...(step === undefined ? {} : refused), ...(lost ? { [lost.engine]: step === undefined ? discarded(lost.why) : resumedFrom(lost.why, step) } : {}) } });
}
/** Neither this process nor one that it starts, such as an oracle's, is to wait for a card whose driver kept the last one. */
export function leaveOutCard({ lost }: Pick<Manifest, 'lost'>): void { if (lost) process.env['CUDA_VISIBLE_DEVICES'] = '-1'; }
export function discarded(reason: string): string {
  return `${reason} What it had trained is discarded.`;
}
export function resumedFrom(reason: string, step: number): string {
  return `${reason} Training went on from the checkpoint of step ${step}.`;
}

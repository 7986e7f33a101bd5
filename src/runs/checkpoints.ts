import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeAtomically } from './atomicFile';
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from './safetensors';

const bestSchema = z.object({ step: z.number().int().nonnegative(), loss: z.number() });
/** Which step had the lowest loss over the whole held-out set, in nats per example. */
export type Best = z.infer<typeof bestSchema>;
/** Tensors, and the training loop's own state as JSON; `best` as of its step. */
export interface Checkpoint { readonly step: number; readonly tensors: readonly StoredTensor[]; readonly trainer: string; readonly best?: Best | undefined }
/** What stays when a checkpoint is written: the newest ones always do. */
export interface Keeping { readonly best?: number | undefined; /** And every so many steps; 0: none. */ readonly every?: number | undefined; /** And these steps. */ readonly also?: ReadonlySet<number> | undefined }

/** The one before the newest serves where that is damaged. */
const NEWEST_KEPT = 2;
const fileOf = (step: number): string => `step-${step}.safetensors`;

/** The folder of a run's checkpoints, each named by its step. */
export class Checkpoints {
  constructor(private readonly folder: string) {}

  async write({ step, tensors, trainer, best }: Checkpoint): Promise<void> {
    await writeAtomically(path.join(this.folder, fileOf(step)), encodeSafetensors(tensors, { step: String(step), trainer, ...(best ? { best: JSON.stringify(best) } : {}) }));
  }

  /** Deletes all but the newest and those to keep. */
  async prune({ best, every = 0, also }: Keeping): Promise<void> {
    const [, ...older] = await this.steps();
    for (const step of older.slice(NEWEST_KEPT - 1)) {
      if (step !== best && !(every > 0 && step % every === 0) && also?.has(step) !== true) await rm(path.join(this.folder, fileOf(step)), { force: true });
    }
  }

  /** Deletes those after a step: of a future that did not happen. */
  async forgetAfter(last: number): Promise<void> {
    for (const step of await this.steps()) if (step > last) await rm(path.join(this.folder, fileOf(step)), { force: true });
  }

  /** Newest first. */
  async steps(): Promise<number[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names.flatMap((name) => { const step = /^step-(\d{1,15})\.safetensors$/.exec(name)?.[1]; return step === undefined ? [] : [Number(step)]; }).sort((a, b) => b - a);
  }

  /** @throws DamagedFileError; the file system's error */
  async read(step: number): Promise<Checkpoint> {
    const { tensors, metadata } = decodeSafetensors(await readFile(path.join(this.folder, fileOf(step))));
    const best = metadata['best'] === undefined ? undefined : bestSchema.parse(JSON.parse(metadata['best']));
    return { step, tensors, trainer: metadata['trainer'] ?? '{}', ...(best ? { best } : {}) };
  }

  /** The newest that can be read whole, and the steps of newer ones that cannot. @throws the file system's error */
  async newest(): Promise<{ checkpoint?: Checkpoint; damaged: number[] }> {
    const damaged: number[] = [];
    for (const step of await this.steps()) {
      try {
        return { checkpoint: await this.read(step), damaged };
      } catch (error) {
        if (!(error instanceof Error && 'syscall' in error)) damaged.push(step); // the one before serves
        else if (!('code' in error) || error.code !== 'ENOENT') throw error; // a file that cannot be read now is not damaged
      }
    }
    return { damaged };
  }
}

/** Says of which checkpoint was made do, where the newest was damaged. */
export function damageNotice(damaged: readonly number[], used: number | undefined): string | undefined {
  const [newest] = damaged;
  if (newest === undefined) return undefined;
  if (used === undefined) return `The checkpoint of step ${newest} is damaged, and no other is left.`;
  return `The checkpoint of step ${newest} is damaged; that of step ${used} is used.`;
}

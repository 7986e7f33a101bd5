import type { Best, Checkpoint } from '../runs/checkpoints';
import type { RunDirectory } from '../runs/runDirectory';
import type { Program } from './engines/index';
import type { Trainer } from './training/index';

/** Epochs of a small model may take a fraction of a second: after one a checkpoint is written, but not more often than this. `VAE_LAB_SAVE_MS` sets it. */
const SAVE_EVERY_MS = Number(process.env['VAE_LAB_SAVE_MS'] ?? 5000);
/** Those of a large one may take hours: a checkpoint is written within them too. */
const SAVE_AT_LEAST_MS = Math.max(SAVE_EVERY_MS, 30_000);

export interface SavingOptions {
  readonly directory: RunDirectory;
  readonly trainer: Trainer;
  readonly program: Program;
  /** Keeps a checkpoint for good every so many steps. */
  readonly keepEvery?: number | undefined;
  readonly best?: Best | undefined;
  /** Hands every point up to now to the directory. */
  readonly flush: () => void;
  /** Whether what was trained counts; until then nothing is written. */
  readonly counts: () => boolean;
}

/** When checkpoints are written, and which stay: the newest two, the best, and one every so many steps. */
export class Saving {
  #savedAt = performance.now();
  #any = false;
  #best: Best | undefined;
  /** Those to stay that are not on the disk: they came too soon after another, or before it was known whether they count. */
  #held: Checkpoint[] = [];

  /** Somebody may be about to read them. */
  readonly #asked = new Set<number>();

  constructor(private readonly options: SavingOptions) { this.#best = options.best; }

  /** Call after each step that does not end an epoch. Says whether a checkpoint was written. */
  async afterStep(): Promise<boolean> { return this.#save(performance.now() - this.#savedAt >= SAVE_AT_LEAST_MS, false); }

  /** Call with the loss over the whole held-out set. One that is made of other weights is no better and no worse: the best begins anew. */
  async afterEpoch(loss: number): Promise<boolean> {
    const { step, comparableSince } = this.options.trainer;
    const better = !this.#best || this.#best.step < comparableSince || loss < this.#best.loss;
    if (better) {
      this.#held = this.#held.filter((checkpoint) => checkpoint.step !== this.#best?.step || this.#isKept(checkpoint.step));
      this.#best = { step, loss };
    }
    return this.#save(!this.#any || performance.now() - this.#savedAt >= SAVE_EVERY_MS, better);
  }

  async #save(due: boolean, better: boolean): Promise<boolean> {
    const { trainer, counts } = this.options;
    const stays = better || this.#isKept(trainer.step);
    if (counts() && (due || this.#isKept(trainer.step))) {
      await this.now();
      return true;
    }
    if (stays) this.#held.push(await trainer.exclusive(() => this.#take()));
    return false;
  }

  /** Points come before the checkpoint of their step: what is resumed from it lacks none. Resolves with its step. */
  async now(): Promise<number> {
    const { directory, trainer, flush, keepEvery } = this.options;
    const step = await trainer.exclusive(async () => {
      flush();
      await directory.syncLines();
      for (const checkpoint of this.#held) if (checkpoint.step !== trainer.step) await directory.checkpoints.write(checkpoint);
      await directory.checkpoints.write(await this.#take());
      await directory.checkpoints.prune({ best: this.#best?.step, every: keepEvery, also: this.#asked });
      return trainer.step;
    });
    [this.#held, this.#any, this.#savedAt] = [[], true, performance.now()];
    return step;
  }

  /** Between two steps, for somebody who asks; it stays while this process lives. @throws where nothing counts yet */
  async asked(): Promise<number> {
    if (!this.options.counts()) throw new Error('The gradients of this run are being compared with another engine\'s; until that is done no checkpoint is written.');
    return this.options.trainer.atRest(() => {
      this.#asked.add(this.options.trainer.step);
      return this.now();
    });
  }

  #isKept(step: number): boolean { return this.options.keepEvery !== undefined && step % this.options.keepEvery === 0; }
  async #take(): Promise<Checkpoint> {
    const { trainer, program } = this.options;
    return { step: trainer.step, tensors: await program.getState(), trainer: JSON.stringify(trainer.getState()), best: this.#best };
  }
}

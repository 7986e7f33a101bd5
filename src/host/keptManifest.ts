import { isLive, type Manifest, type Mark, type RunState } from '../protocol/run';
import { movedModel, movedState } from '../runs/movedModel';
import type { RunDirectory } from '../runs/runDirectory';
import type { HostServer } from './server';
import type { Trainer } from './training/index';

/** A live run's manifest: what is told to everyone, and written where a later reader needs it. */
export class KeptManifest {
  /** Its end could not be written yet. */
  #unwritten = false;
  /** Where the model file went meanwhile: an error may name where it was loaded. */
  readonly #moves: { readonly from: string; readonly to: string }[] = [];
  constructor(public now: Manifest, private readonly directory: RunDirectory, private readonly server: HostServer) {}

  async tell(what: Partial<Manifest>): Promise<void> {
    this.now = { ...this.now, ...what };
    this.server.broadcast('manifest', this.now);
    await this.directory.writeManifest(this.now).catch((error: unknown) => { console.error(error); });
  }

  async moveModel(from: string, to: string): Promise<void> {
    const moved = movedModel(this.now, from, to);
    if (!moved) return;
    this.#moves.push({ from, to });
    this.now = moved;
    await this.tell({});
  }

  /** A hyperparameter has another value from a step on. */
  mark(mark: Mark, { hyperparameters, following }: Pick<Trainer, 'hyperparameters' | 'following'>): void {
    this.now = { ...this.now, hyperparameters: { ...hyperparameters }, following };
    this.server.broadcast('mark', mark);
    this.server.broadcast('manifest', this.now);
  }

  async setState(told: RunState, write = true): Promise<void> {
    const state = this.#moves.reduce((now, { from, to }) => movedState(now, from, to), told);
    this.now = { ...this.now, state };
    const { lastStep, lastLoss } = this.now;
    const ended = !isLive(state); // then it is told even where it cannot be written
    if (write) await this.directory.writeManifest(this.now).catch(async (error: unknown) => { // before it is told: who hears of the end may end this process
      if (!ended) throw error;
      this.#unwritten = true;
      console.error(error);
      await this.server.register({ state, lastStep, lastLoss }).catch((wrong: unknown) => { console.error(wrong); });
    });
    this.server.broadcast('state', { state, lastStep, ...(lastLoss === undefined ? {} : { lastLoss }) });
  }

  /** What could not be written may be written now. */
  async close(): Promise<void> {
    if (this.#unwritten) await this.directory.writeManifest(this.now).catch((error: unknown) => { console.error(error); });
  }
}

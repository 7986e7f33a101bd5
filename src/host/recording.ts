import type { HostEvent, HostEvents } from '../protocol/hostApi';
import type { Moment } from '../protocol/moments';
import { Moments } from '../runs/moments';
import type { RunDirectory } from '../runs/runDirectory';
import type { Dataset } from './datasets/index';
import { Recorder } from './recorder';
import type { Trainer } from './training/index';
import type { Looking } from './looking';

/** What of a run can be gone back to: the steps at which it was recorded, and those of its checkpoints. */
export class Recording {
  #moments: Moment[] = [];
  #checkpoints: number[] = [];
  #recorder: Recorder | undefined;
  #trainer: Trainer | undefined;

  constructor(private readonly directory: RunDirectory, private readonly tell: <E extends HostEvent>(event: E, payload: HostEvents[E]) => void) {}

  /** As a snapshot has them. */
  get told(): { readonly moments: Moment[]; readonly checkpoints: number[] } { return { moments: this.#moments, checkpoints: this.#checkpoints }; }

  /** Reads what the run's folder has. */
  async look(): Promise<void> { [this.#moments, this.#checkpoints] = [await new Moments(this.directory.dir).list(), await this.directory.checkpoints.steps()]; }
  /** To who forgot it because the run goes on from an earlier step. */
  async tellAgain(): Promise<void> {
    await this.look();
    for (const moment of this.#moments) this.tell('moment', moment);
    this.tell('checkpoints', { steps: this.#checkpoints });
  }

  /** Call before the first step, and where another engine goes on. */
  async begin({ views, latent }: Pick<Looking, 'views' | 'latent'>, dataset: Dataset, latentDim: number, trainer: Trainer): Promise<void> {
    const moments = new Moments(this.directory.dir);
    this.#trainer = trainer;
    await this.look();
    this.#recorder = new Recorder({ moments, views: { images: (step) => views.images(step), encode: (indices) => views.encode(indices), prior: () => latent.prior() }, dataset, latentDim, totalSteps: trainer.totalSteps, known: this.#moments, onMoment: (moment) => {
      this.#moments = [...this.#moments.filter(({ step }) => step < moment.step), moment];
      this.tell('moment', moment);
    } });
  }

  async afterStep(): Promise<void> {
    if (this.#trainer) await this.#recorder?.afterStep(this.#trainer.step, () => this.#seconds);
  }
  /** The last step is always recorded. */
  async end(): Promise<void> {
    if (this.#trainer) await this.#recorder?.record(this.#trainer.step, this.#seconds);
  }
  /** A checkpoint was written, and older ones may be gone. */
  async saved(): Promise<void> {
    this.#checkpoints = await this.directory.checkpoints.steps();
    this.tell('checkpoints', { steps: this.#checkpoints });
  }
  forget(): void { [this.#moments, this.#checkpoints, this.#recorder] = [[], [], undefined]; }

  get #seconds(): number { return this.#trainer?.getState().seconds ?? 0; }
}

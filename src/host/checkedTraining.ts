import type { Gate } from '../protocol/run';
import { EngineLostError, UnsupportedModelError } from './engines/index';
import { WrongGradientsError } from './gradientCheck';
import { DivergedError, type Trainer, type TrainerListener } from './training/index';

export interface ChecksOptions {
  readonly engine: string;
  /** Ends the comparisons; their gates then settle soon. */
  end(): void;
  /** Told of the verdict on the step as it is. Must not reject. */
  onGate(gate: Gate): Promise<void>;
}

/** Comparisons of gradients that go on while training does: one from its beginning, and one for each time that its step changes. */
export class Checks {
  readonly #settled: Promise<void>[] = [];
  #newest: Promise<Gate> | undefined;
  #wrong: WrongGradientsError | undefined;
  #onWrong: () => void = () => undefined;

  constructor(private readonly options: ChecksOptions) {}

  get wrong(): WrongGradientsError | undefined { return this.#wrong; }
  set onWrong(listener: () => void) { this.#onWrong = listener; }

  /** `gate` never rejects; `sinceChange`: it is that of a step that changed while it trained. */
  add(gate: Promise<Gate>, sinceChange: boolean): void {
    this.#newest = gate;
    this.#settled.push(gate.then(async (verdict) => {
      const failed = 'passed' in verdict && !verdict.passed;
      if (failed || this.#newest === gate) await this.options.onGate(verdict);
      if (!failed) return;
      this.#wrong ??= new WrongGradientsError(this.options.engine, verdict, sinceChange);
      this.#onWrong();
    }));
  }

  end(): void { this.options.end(); }
  async settled(): Promise<void> { await Promise.all(this.#settled); }
}

/** Trains; where the gradients turn out wrong, it ends at once, and where training ends first, as it should, with a loss that is not finite or without its engine, the verdicts are waited for. @throws WrongGradientsError, or as the trainer */
export async function runChecked(trainer: Trainer, listener: TrainerListener, checks: Checks): Promise<'completed' | 'stopped'> {
  checks.onWrong = () => { trainer.stop(); };
  const [ran] = await Promise.allSettled([trainer.run(listener)]);
  const isWaitedFor = ran.status === 'fulfilled' ? ran.value === 'completed' : [DivergedError, UnsupportedModelError, EngineLostError].some((kind) => ran.reason instanceof kind);
  if (!checks.wrong && !isWaitedFor) checks.end();
  await checks.settled();
  if (checks.wrong) throw checks.wrong;
  if (ran.status === 'rejected') throw ran.reason;
  return ran.value;
}

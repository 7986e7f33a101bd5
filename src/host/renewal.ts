import type { Program } from './engines/index';
import type { Trainer } from './training/index';

/** Looking takes at most this part of the time: epochs of a small model are shorter than it. */
const SHARE = 0.05;

/** Looks between epochs whether the person's code does something else by now than what was compiled. */
export class Renewal {
  #nextAt = 0;

  constructor(private readonly program: Program, private readonly trainer: Trainer) {}

  /** True where it does, and was compiled again. @throws UnsupportedModelError where it cannot be */
  async look(): Promise<boolean> {
    const began = performance.now();
    if (began < this.#nextAt) return false;
    const changed = await this.trainer.exclusive(async () => this.program.renew?.());
    this.#nextAt = performance.now() + (performance.now() - began) / SHARE;
    return changed === true;
  }
}

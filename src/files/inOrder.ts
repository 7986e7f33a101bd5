/** Does work one after another, in the order it was given; what fails holds up nothing that follows. */
export class InOrder {
  #last: Promise<unknown> = Promise.resolve();

  do<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when what was given up to now is done, well or not. */
  async settled(): Promise<void> { await this.#last; }
}

/**
 * Tells of changes no faster than they are taken up. VS Code waits for a pause before it asks for lenses anew, longer the slower the answers were, and begins
 * the wait again at each word: told at a fixed rate while a run changes all the time, it may never ask.
 */
export class Refresher {
  #changed = false;
  #takenUp = true;
  #toldAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  /** `interval`: milliseconds between two words at the least. `patience`: when to tell again though nobody asked. */
  constructor(private readonly tell: () => void, private readonly interval: number, private readonly patience: number) {}

  changed(): void {
    this.#changed = true;
    this.#timer ??= setTimeout(() => { this.#due(); }, this.interval);
  }
  /** The state was asked for: what changed up to now is known. */
  asked(): void {
    this.#takenUp = true;
    this.#changed = false;
  }
  dispose(): void { clearTimeout(this.#timer); }

  #due(): void {
    this.#timer = undefined;
    if (!this.#changed) return;
    if (!this.#takenUp && performance.now() - this.#toldAt < this.patience) {
      this.changed();
      return;
    }
    this.#changed = this.#takenUp = false;
    this.#toldAt = performance.now();
    this.tell();
  }
}

/** What became of a text that others show: nothing, only the numbers in it, or its words. */
export type TextChange = 'none' | 'numbers' | 'words';

const INTERVAL_MS = 500;
const RESTS_MS = [1000, 2000, 4000, 8000] as const;
const SHORTEST_PATIENCE_MS = 2000;
const LONGEST_PATIENCE_MS = 64_000;

/** How a text became another. */
export function textChange(before: string, now: string): TextChange {
  if (before === now) return 'none';
  const words = (text: string): string => text.replace(/\d[\d,.]*/g, '#');
  return words(before) === words(now) ? 'numbers' : 'words';
}

/**
 * Tells VS Code to ask for lenses anew, such that it comes to show them. It waits for a pause first, as long as its last answers took (up to 62.5 s), and
 * begins that wait again at each word; a request that is under way when the wait is over is given up, and so is a wait while which the editor loses the focus.
 * Told at a fixed rate while a run changes all the time, it may show nothing of it for minutes. So, once told, it is left to wait, longer each time that this was
 * too short; once it has asked, its answer is given time to arrive, longer each time, and from the beginning after the longest; and what is new is told of twice.
 * Words, which say what a click does, wait for neither.
 */
export class Refresher {
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = 0;
  /** Since when a word of it waits to be taken up. */
  #toldAt: number | undefined;
  #askedAt = -Infinity;
  #patience = SHORTEST_PATIENCE_MS;
  #rests = 0;
  #unconfirmed = false;

  /** `look`: what is not as it was answered. */
  constructor(private readonly tell: () => void, private readonly look: () => TextChange) {}

  /** Something may look different now. */
  changed(): void { this.#wake(INTERVAL_MS); }

  /** The text was asked for; `news`: it was not answered so before. */
  asked(news: boolean): void {
    const now = performance.now();
    if (this.#toldAt !== undefined) this.#patience = Math.min(Math.max(2 * (now - this.#toldAt), SHORTEST_PATIENCE_MS), LONGEST_PATIENCE_MS);
    this.#toldAt = undefined;
    this.#askedAt = now;
    this.#unconfirmed = news;
    if (news) this.changed();
  }

  dispose(): void { clearTimeout(this.#timer); }

  #wake(after: number): void {
    const at = performance.now() + after;
    if (this.#timer && this.#wakesAt <= at) return;
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#due();
    }, after);
  }

  #due(): void {
    const now = performance.now();
    if (this.#toldAt !== undefined) {
      const left = this.#toldAt + this.#patience - now;
      if (left > 0) { this.#wake(left); return; }
      this.#patience = Math.min(2 * this.#patience, LONGEST_PATIENCE_MS);
      this.#say(now);
      return;
    }
    const change = this.look();
    if (change === 'none' && !this.#unconfirmed) return;
    const rest = change === 'words' ? 0 : this.#askedAt + (RESTS_MS[this.#rests % RESTS_MS.length] ?? 0) - now;
    if (rest > 0) { this.#wake(rest); return; }
    if (change !== 'words') this.#rests++;
    this.#say(now);
  }

  #say(now: number): void {
    this.#toldAt = now;
    this.#unconfirmed = false;
    if (this.#patience < LONGEST_PATIENCE_MS) this.#wake(this.#patience); // nobody may be there to ask: then only where something changes
    this.tell();
  }
}

/** Of the time since something began, between two pictures of it, and the most of that in milliseconds. */
const SHARE = 0.01;
const MOST = 30_000;

/**
 * The newest of something that changes: at first each that comes, then ever fewer, as a run learns ever less in the same time. Chromium's memory cache keeps each picture that the code has shown as long as its
 * page is open (some 18 KB of a strip): an hour would leave 3,600 of them there, and leaves some 400.
 */
export class Seldom<T> {
  #shown: { readonly what: string; readonly began: number; readonly at: number; readonly value: T } | undefined;
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What to show of what it is, `newest` at once where that is something else than before. */
  of(what: string, newest: T): T {
    const [now, before] = [this.now(), this.#shown];
    const same = before?.what === what ? before : undefined;
    if (same && now - same.at < Math.min(MOST, SHARE * (now - same.began))) return same.value;
    this.#shown = { what, began: same?.began ?? now, at: now, value: newest };
    return newest;
  }
}

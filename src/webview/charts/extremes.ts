import type { Numbers } from '../../protocol/column';

/** Values of a group of the finest level, as a power of two, and how much larger the groups of each next level are. */
const FINEST = 4;
const COARSER = 2;
const LEVELS = 7;

/** `least` and `greatest`: of the newest group. */
interface Level { readonly shift: number; readonly low: number[]; readonly high: number[]; least: number; greatest: number }

/** Where the least and the greatest value of each group of neighbours stand, at several sizes of groups: drawing a line of any length takes as long as it is wide. Grows with its values. */
export class Extremes {
  readonly #levels: readonly Level[] = Array.from({ length: LEVELS }, (_, level) => ({ shift: FINEST + COARSER * level, low: [], high: [], least: Infinity, greatest: -Infinity }));
  #length = 0;
  constructor(private readonly values: Numbers) {}

  /** Places from `from` to `to`, in order: all where they are few enough, else those of the extremes of about `most` groups, the first and the last. */
  between(from: number, to: number, most: number): number[] {
    this.#grow();
    const level = to - from <= 2 * most ? undefined : this.#levels.find(({ shift }) => (to - from) >> shift <= most) ?? this.#levels.at(-1);
    if (!level) return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
    const places = [from];
    const add = (place: number): void => { if (place > (places.at(-1) ?? -1) && place < to) places.push(place); };
    for (let group = from >> level.shift; group <= (to - 1) >> level.shift; group++) {
      const [low = -1, high = -1] = [level.low[group], level.high[group]];
      if (low < 0) add(group << level.shift); // nothing to draw there, which is drawn
      else {
        add(Math.min(low, high));
        add(Math.max(low, high));
      }
    }
    add(to - 1);
    return places;
  }

  /** The place of the least finite value; -1 where there is none. */
  least(): number {
    this.#grow();
    const coarsest = this.#levels.at(-1)?.low ?? [];
    return coarsest.reduce((best, place) => (place >= 0 && (best < 0 || (this.values.at(place) ?? NaN) < (this.values.at(best) ?? NaN)) ? place : best), -1);
  }

  #grow(): void {
    for (; this.#length < this.values.length; this.#length++) {
      const value = this.values.at(this.#length) ?? NaN;
      for (const level of this.#levels) {
        const group = this.#length >> level.shift;
        if (group === level.low.length) {
          level.low.push(-1);
          level.high.push(-1);
          [level.least, level.greatest] = [Infinity, -Infinity];
        }
        if (!Number.isFinite(value)) continue;
        if (value < level.least) [level.least, level.low[group]] = [value, this.#length];
        if (value > level.greatest) [level.greatest, level.high[group]] = [value, this.#length];
      }
    }
  }
}

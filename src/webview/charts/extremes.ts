/** Values of a group of the finest level, as a power of two, and how much larger the groups of each next level are. */
const FINEST = 4;
const COARSER = 2;
const LEVELS = 7;

interface Level { readonly shift: number; readonly low: number[]; readonly high: number[] }

/** Where the least and the greatest value of each group of neighbours stand, at several sizes of groups: drawing a line of any length takes as long as it is wide. Grows with its values. */
export class Extremes {
  readonly #levels: readonly Level[] = Array.from({ length: LEVELS }, (_, level) => ({ shift: FINEST + COARSER * level, low: [], high: [] }));
  #length = 0;
  constructor(private readonly values: readonly number[]) {}

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
    return coarsest.reduce((best, place) => (place >= 0 && (best < 0 || (this.values[place] ?? NaN) < (this.values[best] ?? NaN)) ? place : best), -1);
  }

  #grow(): void {
    for (; this.#length < this.values.length; this.#length++) {
      const value = this.values[this.#length] ?? NaN;
      for (const { shift, low, high } of this.#levels) {
        const group = this.#length >> shift;
        if (group === low.length) {
          low.push(-1);
          high.push(-1);
        }
        if (!Number.isFinite(value)) continue;
        const [least = -1, greatest = -1] = [low[group], high[group]];
        if (least < 0 || value < (this.values[least] ?? NaN)) low[group] = this.#length;
        if (greatest < 0 || value > (this.values[greatest] ?? NaN)) high[group] = this.#length;
      }
    }
  }
}

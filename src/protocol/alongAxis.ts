import type { Numbers } from './column';

/** What points stand along: training steps, or seconds of training. */
export const axes = ['step', 'seconds'] as const;
export type Axis = (typeof axes)[number];
export interface Range { readonly min: number; readonly max: number }

export const along = ({ steps, seconds }: { readonly steps: Numbers; readonly seconds: Numbers }, axis: Axis): Numbers => (axis === 'step' ? steps : seconds);

/** The first place whose number is not below `wanted`. */
export function placeOf(ascending: Numbers, wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending.at(middle) ?? NaN) < wanted) low = middle + 1; else high = middle;
  }
  return low;
}
/** The place whose number is nearest. */
export function nearestTo(ascending: Numbers, wanted: number): number {
  const after = placeOf(ascending, wanted);
  return after > 0 && wanted - (ascending.at(after - 1) ?? NaN) <= (ascending.at(after) ?? Infinity) - wanted ? after - 1 : after;
}
/** When a step was trained, also one whose row is left out: between those of its neighbours. */
export function secondsAt({ steps, seconds }: { readonly steps: Numbers; readonly seconds: Numbers }, step: number): number {
  const after = Math.min(placeOf(steps, step), Math.max(0, steps.length - 1));
  const before = Math.max(0, after - 1);
  const [from, to, began, ended] = [steps.at(before) ?? 0, steps.at(after) ?? 0, seconds.at(before) ?? 0, seconds.at(after) ?? 0];
  return to > from ? began + (ended - began) * Math.min(1, Math.max(0, (step - from) / (to - from))) : ended;
}
/** Places from the first to before the second: those in a range, and a neighbour on either side, to which lines go on. */
export const placesIn = (ascending: Numbers, { min, max }: Range): readonly [number, number] => [Math.max(0, placeOf(ascending, min) - 1), Math.min(ascending.length, placeOf(ascending, max) + 1)];

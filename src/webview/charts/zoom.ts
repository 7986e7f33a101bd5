import type { Range } from '../../protocol/alongAxis';

/** No closer than this part of the whole. */
const CLOSEST = 1e-4;
const toScale = (value: number, logarithmic: boolean): number => (logarithmic ? Math.log(value) : value);
const fromScale = (value: number, logarithmic: boolean): number => (logarithmic ? Math.exp(value) : value);

/** A range `factor` times as wide around `at`, within `whole`; undefined where that is all of it. */
export function zoomed({ min, max }: Range, whole: Range, factor: number, at: number, logarithmic = false): Range | undefined {
  const [low, high, start, end, middle] = [min, max, whole.min, whole.max, Math.min(max, Math.max(min, at))].map((value) => toScale(value, logarithmic)) as [number, number, number, number, number];
  const width = Math.max((end - start) * CLOSEST, (high - low) * factor);
  if (!(width < end - start)) return undefined;
  const left = Math.min(end - width, Math.max(start, middle - (middle - low) / (high - low) * width));
  return { min: fromScale(left, logarithmic), max: fromScale(left + width, logarithmic) };
}

/** A range moved by a part of its width, within `whole`. */
export function panned({ min, max }: Range, whole: Range, share: number, logarithmic = false): Range {
  const [low, high, start, end] = [min, max, whole.min, whole.max].map((value) => toScale(value, logarithmic)) as [number, number, number, number];
  const left = Math.max(start, Math.min(end - (high - low), low + share * (high - low)));
  return { min: fromScale(left, logarithmic), max: fromScale(left + high - low, logarithmic) };
}

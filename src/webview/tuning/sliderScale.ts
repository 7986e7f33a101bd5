import type { HyperparameterSpec } from '../../spec/hyperparameters';

type Bounds = Pick<HyperparameterSpec, 'min' | 'max' | 'scale'>;
/** A logarithmic scale whose least value is 0 begins at this part of its greatest. */
const LEAST = 1e-7;
/** A wide linear range is drawn out where its values are small: most weights are about 1, and may be 1000. */
const WIDE = 20;
const DRAWN_OUT = 10;
const DIGITS = 3;

const low = ({ min, max }: Bounds): number => (min > 0 ? min : max * LEAST);
const isWide = ({ min, max }: Bounds): boolean => max - min > WIDE;

/** Where a value stands on a slider, 0 to 1. */
export function shareOf(spec: Bounds, value: number): number {
  const { min, max, scale } = spec;
  const share = scale === 'log' ? Math.log(Math.max(value, low(spec)) / low(spec)) / Math.log(max / low(spec))
    : isWide(spec) ? Math.log1p((value - min) * DRAWN_OUT) / Math.log1p((max - min) * DRAWN_OUT) : (value - min) / (max - min);
  return Math.min(1, Math.max(0, share));
}

/** The value at a place of the slider, in as many digits as a hand can mean; the ends are exact. */
export function valueAt(spec: Bounds, share: number): number {
  const { min, max, scale } = spec;
  if (share <= 0) return scale === 'log' ? Number(low(spec).toPrecision(DIGITS)) : min;
  if (share >= 1) return max;
  const value = scale === 'log' ? low(spec) * (max / low(spec)) ** share : isWide(spec) ? min + Math.expm1(share * Math.log1p((max - min) * DRAWN_OUT)) / DRAWN_OUT : min + share * (max - min);
  return Number(value.toPrecision(DIGITS));
}

import type { Numbers } from '../../../protocol/column';
import { along, type Axis, type Range } from '../../../protocol/alongAxis';
import type { Table } from '../table';
import { t } from '../../text';

/** A number for each row at each recorded step: `values` [rows][steps], NaN where there is none. */
export interface HeatData { readonly names: readonly string[]; readonly steps: Numbers; readonly seconds: Numbers; readonly values: readonly Numbers[] }
export interface Cell { readonly row: number; readonly column: number }

/** The least and the greatest that can be drawn: finite, and of a logarithmic scale above 0. */
export function extentOf({ values }: HeatData, logarithmic: boolean): Range | undefined {
  let [min, max] = [Infinity, -Infinity];
  for (const row of values) {
    for (const value of row) {
      if (!Number.isFinite(value) || (logarithmic && value <= 0)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  return min <= max ? { min, max } : undefined;
}

/** How far a value is from the least to the greatest, 0 to 1; undefined where it is not drawn. */
export function shareOf(value: number, { min, max }: Range, logarithmic: boolean): number | undefined {
  if (!Number.isFinite(value) || (logarithmic && value <= 0)) return undefined;
  const [at, low, high] = (logarithmic ? [value, min, max].map(Math.log) : [value, min, max]) as [number, number, number];
  return high > low ? Math.min(1, Math.max(0, (at - low) / (high - low))) : 1;
}

/** Where columns are drawn, as parts of the width: each from its step to the next one's. `range`: what of the axis is seen. */
export function edgesOf(data: HeatData, axis: Axis, range: Range | undefined, logarithmic: boolean): readonly number[] {
  const scaled = (value: number): number => (logarithmic ? Math.log(Math.max(value, 1e-9)) : value);
  const all = Array.from(along(data, axis), scaled);
  const last = all.at(-1) ?? 1;
  const beyond = last + (all.length > 1 ? (last - (all[0] ?? 0)) / (all.length - 1) : 1);
  const [min, max] = range ? [scaled(range.min), scaled(range.max)] : [all[0] ?? 0, beyond];
  return [...all, beyond].map((x) => (x - min) / (max - min || 1));
}

export function heatTable({ names, steps, seconds, values }: HeatData): Table {
  return { head: [t('step'), t('seconds'), ...names], rows: Array.from(steps, (step, column) => [step, seconds.at(column), ...values.map((row) => row.at(column))]) };
}

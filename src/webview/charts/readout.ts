import { along, nearestTo, type Axis } from '../../protocol/alongAxis';
import { lastFinite } from '../../protocol/smoothed';
import type { Tracks } from '../../protocol/tracks';
import { lineOf, type Line } from './line';

export interface Readout { readonly at?: number | undefined; readonly trained?: number | undefined; readonly heldOut?: number | undefined }

const lastStep = ({ track, values }: Line): number => (values.length === 0 ? -1 : track.steps.at(values.length - 1) ?? -1);

/** The newest values of a quantity. */
export function newest(tracks: Tracks, quantity: string): Readout {
  const [test, whole] = [lineOf(tracks, 'test', quantity), lineOf(tracks, 'whole', quantity)];
  const over = lastStep(whole) >= lastStep(test) ? whole : test;
  return { trained: lastFinite(lineOf(tracks, 'train', quantity).values), heldOut: lastFinite(over.values) ?? lastFinite(test.values) };
}

/** The values of a quantity next to a place on the axis; `at` is where the training's stands. */
export function readAt(tracks: Tracks, quantity: string, axis: Axis, wanted: number): Readout {
  const near = (kind: 'train' | 'test' | 'whole'): { at: number; value: number } | undefined => {
    const { track, values } = lineOf(tracks, kind, quantity);
    const place = nearestTo(along(track, axis), wanted);
    const value = values.at(place);
    return value === undefined || !Number.isFinite(value) ? undefined : { at: along(track, axis).at(place) ?? NaN, value };
  };
  const [train, test, whole] = [near('train'), near('test'), near('whole')];
  const heldOut = whole && (!test || Math.abs(whole.at - wanted) <= Math.abs(test.at - wanted)) ? whole : test;
  return { at: train?.at ?? heldOut?.at, trained: train?.value, heldOut: heldOut?.value };
}

import * as z from 'zod';
import { doubles, floats, integers } from './binary';
import { Column, type Numbers } from './column';
import type { MetricPoint } from './run';
import { thinned } from './thinned';

/** Training steps; held-out points of one fixed batch; held-out points of the whole set; what updates did to layers. */
export const trackKinds = ['train', 'test', 'whole', 'layers'] as const;
export type TrackKind = (typeof trackKinds)[number];

/** A quantity of a point, and the track that it stands in. `scheduled:beta`, `part:kl`, `gradientNorm:encoder/1`: names that others gave are behind a colon. */
export function eachQuantity(point: MetricPoint, tell: (kind: TrackKind, name: string, value: number) => void): void {
  const kind = point.split === 'train' ? 'train' : point.wholeSet ? 'whole' : 'test';
  tell(kind, 'loss', point.loss);
  for (const [name, value] of Object.entries(point.parts)) tell(kind, `part:${name}`, value);
  if (point.gradientNorm !== undefined) tell(kind, 'gradientNorm', point.gradientNorm);
  if (point.scheduled) for (const [name, value] of Object.entries(point.scheduled)) tell(kind, `scheduled:${name}`, value);
  if (point.layers) {
    for (const [layer, { gradientNorm, updateRatio }] of Object.entries(point.layers)) {
      tell('layers', `gradientNorm:${layer}`, gradientNorm);
      tell('layers', `updateRatio:${layer}`, updateRatio);
    }
  }
}

/** Points of one kind as columns that grow; NaN where a point lacks a quantity. */
export class Track {
  readonly columns = new Map<string, Column>();
  constructor(readonly steps = new Column(), readonly seconds = new Column()) {}

  get length(): number { return this.steps.length; }
  /** A row that has no quantity yet. */
  addRow(step: number, seconds: number): void {
    for (const values of this.columns.values()) values.push(NaN);
    this.steps.push(step);
    this.seconds.push(seconds);
  }
  /** Of the last row. */
  set(name: string, value: number): void {
    let values = this.columns.get(name);
    if (!values) {
      this.columns.set(name, values = new Column());
      while (values.length < this.length) values.push(NaN);
    }
    values.changeLast(value);
  }
}
export type Tracks = { readonly [K in TrackKind]: Track };
export const emptyTracks = (): Tracks => ({ train: new Track(), test: new Track(), whole: new Track(), layers: new Track() });

export function addPoints(tracks: Tracks, points: readonly MetricPoint[]): void {
  for (const point of points) {
    let row: Track | undefined;
    eachQuantity(point, (kind, name, value) => {
      if (row !== tracks[kind]) {
        row = tracks[kind];
        row.addRow(point.step, point.seconds);
      }
      row.set(name, value);
    });
  }
}

function thin(track: Track, most: number): Track {
  if (track.length <= most) return track;
  const of = (values: Numbers): Column => Column.from(thinned(values, most));
  const some = new Track(of(track.steps), of(track.seconds));
  for (const [name, values] of track.columns) some.columns.set(name, of(values));
  return some;
}
/** Tracks of `most` rows or fewer, spread evenly, the first and the last among them. */
export const thinTracks = (tracks: Tracks, most: number): Tracks => ({ train: thin(tracks.train, most), test: thin(tracks.test, most), whole: thin(tracks.whole, most), layers: thin(tracks.layers, most) });

/**
 * A track on its way to a panel: a hundred thousand points take a second as objects that are each cloned and checked on the way, and some milliseconds as columns.
 * Those whose numbers all have single precision, as engines compute losses, go in it: half as much through the wire of a remote window.
 */
export const packedTrackSchema = z.object({ kind: z.enum(trackKinds), names: z.array(z.string()), steps: integers, seconds: doubles, columns: z.array(z.union([floats, doubles])) })
  .refine(({ names, steps, seconds, columns }) => columns.length === names.length && [seconds, ...columns].every(({ length }) => length === steps.length), 'columns do not fit');
export type PackedTrack = z.infer<typeof packedTrackSchema>;

export function packTracks(tracks: Tracks): PackedTrack[] {
  return trackKinds.map((kind) => {
    const { steps, seconds, columns } = tracks[kind];
    return { kind, names: [...columns.keys()], steps: Int32Array.from(steps.packed()), seconds: Float64Array.from(seconds.packed()), columns: Array.from(columns.values(), (values) => values.packed()) };
  });
}

export function unpackTracks(packed: readonly PackedTrack[]): Tracks {
  const track = (kind: TrackKind): Track => {
    const found = packed.find((candidate) => candidate.kind === kind);
    const made = new Track(Column.from(found?.steps ?? []), Column.from(found?.seconds ?? []));
    found?.names.forEach((name, i) => { made.columns.set(name, Column.from(found.columns[i] ?? [])); });
    return made;
  };
  return { train: track('train'), test: track('test'), whole: track('whole'), layers: track('layers') };
}

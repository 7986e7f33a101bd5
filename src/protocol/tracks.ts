import * as z from 'zod';
import { placeOf } from './alongAxis';
import { doubles, floats, integers } from './binary';
import { Column, type Numbers } from './column';
import { gapsIn } from './gaps';
import type { MetricPoint } from './run';
import { noneYet, type Begun } from './smoothed';
import { thinnedPlaces } from './thinned';

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

/** What a track that has some of the rows of another knows of the others. */
export interface Part {
  readonly leftOut: number;
  /** The places before which rows are missing that the other lacks too. */
  readonly gaps: readonly number[];
  /** Averages over all rows up to each. `weight`: what the past counts. */
  readonly smoothed?: { readonly weight: number; readonly columns: ReadonlyMap<string, Begun> } | undefined;
}

/** Points of one kind as columns that grow; NaN where a point lacks a quantity. */
export class Track {
  readonly columns = new Map<string, Column>();
  /** `part`: it has some of the rows that there are. */
  constructor(readonly steps = new Column(), readonly seconds = new Column(), readonly part?: Part) {}

  get length(): number { return this.steps.length; }
  /** Rows there are. */
  get total(): number { return this.length + (this.part?.leftOut ?? 0); }
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
  const places = thinnedPlaces(track.length, most);
  const of = (values: Numbers): Column => Column.from(places.map((place) => values.at(place) ?? NaN));
  const gaps = [...new Set(gapsIn(track).map((place) => placeOf(places, place)))];
  const some = new Track(of(track.steps), of(track.seconds), { leftOut: track.length - places.length, gaps });
  for (const [name, values] of track.columns) some.columns.set(name, of(values));
  return some;
}
/** Tracks of `most` rows or fewer, spread evenly, the first and the last among them. */
export const thinTracks = (tracks: Tracks, most: number): Tracks => ({ train: thin(tracks.train, most), test: thin(tracks.test, most), whole: thin(tracks.whole, most), layers: thin(tracks.layers, most) });

/**
 * A track on its way to a panel: a hundred thousand points take a second as objects that are each cloned and checked on the way, and some milliseconds as columns.
 * Those whose numbers all have single precision, as engines compute losses, go in it: half as much through the wire of a remote window.
 */
const valuesSchema = z.union([floats, doubles]);
export const packedTrackSchema = z.object({
  kind: z.enum(trackKinds), names: z.array(z.string()), steps: integers, seconds: doubles, columns: z.array(valuesSchema),
  part: z.object({
    leftOut: z.number().int(), gaps: z.array(z.number().int().nonnegative()),
    smoothed: z.object({ weight: z.number().gt(0).lt(1), /** In the order of `names`. */ columns: z.array(z.object({ values: valuesSchema, last: z.number(), count: z.number().int().nonnegative() })) }).optional(),
  }).optional(),
}).refine(({ names, steps, seconds, columns, part }) => {
  const averages = part?.smoothed?.columns.map(({ values }) => values);
  return columns.length === names.length && (averages ?? names).length === names.length && [seconds, ...columns, ...averages ?? []].every(({ length }) => length === steps.length);
}, 'columns do not fit');
export type PackedTrack = z.infer<typeof packedTrackSchema>;

function packPart({ smoothed, ...part }: Part, columns: Track['columns']): NonNullable<PackedTrack['part']> {
  const averages = smoothed && Array.from(columns, ([name, { length }]) => smoothed.columns.get(name) ?? noneYet(length));
  return { ...part, gaps: [...part.gaps], ...(smoothed && averages ? { smoothed: { weight: smoothed.weight, columns: averages.map(({ values, ...rest }) => ({ values: values.packed(), ...rest })) } } : {}) };
}
const unpackPart = ({ smoothed, ...part }: NonNullable<PackedTrack['part']>, names: readonly string[]): Part => (
  { ...part, ...(smoothed ? { smoothed: { weight: smoothed.weight, columns: new Map(smoothed.columns.map(({ values, ...rest }, i) => [names[i] ?? '', { values: Column.from(values), ...rest }])) } } : {}) });

export function packTracks(tracks: Tracks): PackedTrack[] {
  return trackKinds.map((kind) => {
    const { steps, seconds, columns, part } = tracks[kind];
    return { kind, names: [...columns.keys()], steps: Int32Array.from(steps.packed()), seconds: Float64Array.from(seconds.packed()), columns: Array.from(columns.values(), (values) => values.packed()), ...(part ? { part: packPart(part, columns) } : {}) };
  });
}

export function unpackTracks(packed: readonly PackedTrack[]): Tracks {
  const track = (kind: TrackKind): Track => {
    const found = packed.find((candidate) => candidate.kind === kind);
    const made = new Track(Column.from(found?.steps ?? []), Column.from(found?.seconds ?? []), found?.part && unpackPart(found.part, found.names));
    found?.names.forEach((name, i) => { made.columns.set(name, Column.from(found.columns[i] ?? [])); });
    return made;
  };
  return { train: track('train'), test: track('test'), whole: track('whole'), layers: track('layers') };
}

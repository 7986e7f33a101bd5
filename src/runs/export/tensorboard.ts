import type { Snapshot } from '../../protocol/hostApi';
import type { ImageStrip } from '../../protocol/images';
import type { MetricPoint } from '../../protocol/run';
import { gridPng } from '../pictures';
import { ProtobufWriter } from '../protobuf';
import { crc32c } from './crc32c';

/** TensorBoard shows each folder as a run of its own, and the same tag of several in one chart. */
export type TensorboardRun = 'train' | 'held-out' | 'held-out-all';
const VERSION = 'brain.Event:2';
const MASK = 0xa282ead8;
const COLUMNS = 8;

type Value = { readonly tag: string; readonly scalar: number } | { readonly tag: string; readonly picture: { readonly strips: readonly ImageStrip[]; readonly columns: number } };

/** A record of a TFRecord file: its length, its bytes, and a masked CRC-32C of each. */
function record(bytes: Uint8Array): Uint8Array {
  const masked = (of: Uint8Array): number => { const crc = crc32c(of); return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0; };
  const framed = new DataView(new ArrayBuffer(bytes.length + 16));
  framed.setBigUint64(0, BigInt(bytes.length), true);
  framed.setUint32(8, masked(new Uint8Array(framed.buffer, 0, 8)), true);
  new Uint8Array(framed.buffer).set(bytes, 12);
  framed.setUint32(12 + bytes.length, masked(bytes), true);
  return new Uint8Array(framed.buffer);
}

/** tensorflow/core/util/event.proto and framework/summary.proto; field numbers stand in the calls. */
function event(wallTime: number, step: number, values: readonly Value[]): Uint8Array {
  const to = new ProtobufWriter().double(1, wallTime).int(2, step);
  to.message(5, (summary) => {
    for (const value of values) {
      summary.message(1, (one) => {
        one.string(1, value.tag);
        if ('scalar' in value) { one.float(2, value.scalar); return; }
        const { strips, columns } = value.picture;
        const [first] = strips;
        const rows = strips.reduce((sum, { count }) => sum + Math.ceil(count / columns), 0);
        one.message(4, (image) => image.int(1, rows * (first?.height ?? 0)).int(2, columns * (first?.width ?? 0)).int(3, first?.channels ?? 1).bytes(4, gridPng(strips, columns)));
      });
    }
  });
  return to.finish();
}

const kindOf = ({ split, wholeSet }: MetricPoint): TensorboardRun => (split === 'train' ? 'train' : wholeSet ? 'held-out-all' : 'held-out');
function scalarsOf({ loss, parts, gradientNorm, scheduled, layers }: MetricPoint): Value[] {
  const scalars: [string, number][] = [
    ['loss', loss], ...Object.entries(parts).map(([name, value]): [string, number] => [`parts/${name}`, value]), ...(gradientNorm === undefined ? [] : [['gradientNorm', gradientNorm] as [string, number]]),
    ...Object.entries(scheduled ?? {}).map(([name, value]): [string, number] => [`hyperparameters/${name}`, value]),
    ...Object.entries(layers ?? {}).flatMap(([layer, norms]): [string, number][] => [[`layers/${layer}/gradientNorm`, norms.gradientNorm], [`layers/${layer}/updateRatio`, norms.updateRatio]]),
  ];
  return scalars.map(([tag, scalar]) => ({ tag, scalar }));
}

/** A run's curves, hyperparameter changes and last pictures as event files, by the folder that each belongs in. */
export function tensorboardEvents({ manifest, metrics, marks, images }: Snapshot): ReadonlyMap<TensorboardRun, Uint8Array> {
  const began = new Date(manifest.createdAt).getTime() / 1000;
  const files = new Map<TensorboardRun, Uint8Array[]>();
  const add = (kind: TensorboardRun, bytes: Uint8Array): void => {
    const chunks = files.get(kind) ?? [record(new ProtobufWriter().double(1, began).string(3, VERSION).finish())];
    chunks.push(record(bytes));
    files.set(kind, chunks);
  };
  for (const { step, seconds, name, to } of marks) add('train', event(began + seconds, step, [{ tag: `hyperparameters/${name}`, scalar: to }]));
  for (const point of metrics) add(kindOf(point), event(began + point.seconds, point.step, scalarsOf(point)));
  if (images) {
    const seconds = metrics.at(-1)?.seconds ?? 0;
    const { originals, reconstructions, samples } = images;
    add('held-out', event(began + seconds, images.step, [{ tag: 'samples', picture: { strips: [samples], columns: Math.min(COLUMNS, samples.count) } }, { tag: 'reconstructions', picture: { strips: [originals, reconstructions], columns: originals.count } }]));
  }
  return new Map([...files].map(([kind, chunks]) => [kind, Buffer.concat(chunks)]));
}

/** TensorBoard looks for this in a file's name, and orders files by the time in it. */
export const eventFileName = (createdAt: string): string => `events.out.tfevents.${Math.floor(new Date(createdAt).getTime() / 1000)}.vae-lab`;

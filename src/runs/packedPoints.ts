import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod';
import { metricPointSchema, type MetricPoint } from '../protocol/run';

/** What a piece of points may come to, in bytes: a damaged one claims more. */
const MOST_BYTES = 64 * 2 ** 20;

/** Points in a tenth of the bytes that their JSON has. */
export const packPoints = (points: readonly MetricPoint[]): Buffer => deflateRawSync(JSON.stringify(points), { level: 1 });
/** The points of a piece that this process packed. */
export const unpackPoints = (piece: Uint8Array): MetricPoint[] => JSON.parse(inflateRawSync(piece).toString()) as MetricPoint[];

/** Pieces as one array of bytes, the length of each before it, as a little-endian integer of four. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = Buffer.concat(pieces.flatMap((piece) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(piece.length);
    return [length, piece];
  }));
  return new Uint8Array(joined.buffer, joined.byteOffset, joined.byteLength); // a Buffer would become text in a message
}

const pieceSchema = z.array(metricPointSchema);
/** The points of pieces that another process joined. @throws Error where they are no such */
export function pointsOf(joined: Uint8Array): MetricPoint[] {
  const bytes = Buffer.from(joined.buffer, joined.byteOffset, joined.byteLength);
  const points: MetricPoint[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + 4 + bytes.readUInt32LE(from);
    if (to > bytes.length) throw new RangeError('Packed points end before they should.');
    for (const point of pieceSchema.parse(JSON.parse(inflateRawSync(bytes.subarray(from + 4, to), { maxOutputLength: MOST_BYTES }).toString()))) points.push(point);
    from = to;
  }
  return points;
}

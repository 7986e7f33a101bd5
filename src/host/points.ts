import type { MetricPoint } from '../protocol/run';
import { joinPieces, packPoints, unpackPoints } from '../runs/packedPoints';

/** So many at a time are packed, some milliseconds' work. */
const PACKED = 1000;
/** So many of the newest pieces are told as points. */
const PLAIN = 20;

/** Points in the order they came. Those of long ago are kept packed, in a tenth of the memory, and come back as they were: a run of a million steps is not to weigh on its host. */
export class Points {
  #packed: Buffer[] = [];
  #newest: MetricPoint[] = [];
  #last: MetricPoint | undefined;

  constructor(points: readonly MetricPoint[]) { this.replace(points); }

  /** Unpacked anew each time. */
  get all(): MetricPoint[] { return [...this.inPieces()].flat(); }
  /** As they are told: of a long run as they are kept, but for the newest, since a message has a limit. */
  get told(): { readonly metrics: MetricPoint[]; readonly older?: Uint8Array } {
    const [older, plain] = [this.#packed.slice(0, -PLAIN), this.#packed.slice(-PLAIN)];
    return { metrics: [...plain.flatMap(unpackPoints), ...this.#newest], ...(older.length > 0 ? { older: joinPieces(older) } : {}) };
  }
  /** All of them, in the pieces that a message holds. */
  *inPieces(): Generator<MetricPoint[]> {
    for (const packed of this.#packed) yield unpackPoints(packed);
    yield [...this.#newest];
  }
  get last(): MetricPoint | undefined { return this.#last; }

  push(point: MetricPoint): void {
    this.#newest.push(point);
    this.#last = point;
    if (this.#newest.length < PACKED) return;
    this.#packed.push(packPoints(this.#newest));
    this.#newest = [];
  }

  replace(points: readonly MetricPoint[]): void {
    [this.#packed, this.#newest, this.#last] = [[], [], undefined];
    for (const point of points) this.push(point);
  }
}

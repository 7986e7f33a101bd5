import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { MetricPoint } from '../protocol/run';

/** So many at a time are packed, some milliseconds' work. */
const PACKED = 1000;

/** Points in the order they came. Those of long ago are kept packed, in a tenth of the memory, and come back as they were: a run of a million steps is not to weigh on its host. */
export class Points {
  #packed: Buffer[] = [];
  #newest: MetricPoint[] = [];
  #last: MetricPoint | undefined;

  constructor(points: readonly MetricPoint[]) { this.replace(points); }

  /** Unpacked anew each time. */
  get all(): MetricPoint[] { return [...this.#packed.flatMap((packed) => JSON.parse(inflateRawSync(packed).toString()) as MetricPoint[]), ...this.#newest]; }
  get last(): MetricPoint | undefined { return this.#last; }

  push(point: MetricPoint): void {
    this.#newest.push(point);
    this.#last = point;
    if (this.#newest.length < PACKED) return;
    this.#packed.push(deflateRawSync(JSON.stringify(this.#newest), { level: 1 }));
    this.#newest = [];
  }

  replace(points: readonly MetricPoint[]): void {
    [this.#packed, this.#newest, this.#last] = [[], [], undefined];
    for (const point of points) this.push(point);
  }
}

import type { Mark, MetricPoint } from '../protocol/run';
import type { RunDirectory } from '../runs/runDirectory';
import type { Beginning } from './beginning';
import { Points } from './points';

/** What happened in a run: its points, and the changes of its hyperparameters. */
export class RunHistory {
  readonly #points: Points;
  readonly marks: Mark[];
  /** Changes that were made after the checkpoint from which the run goes on, and are to come again. */
  #repeated: readonly Mark[];
  #unwritten: MetricPoint[] = [];

  constructor(private readonly directory: RunDirectory, { metrics, marks, pending }: Pick<Beginning, 'metrics' | 'marks' | 'pending'>) {
    [this.#points, this.marks, this.#repeated] = [new Points(metrics), [...marks], pending];
  }

  /** All points, unpacked anew each time. */
  get metrics(): MetricPoint[] { return this.#points.all; }
  get told(): Points['told'] { return this.#points.told; }
  /** All points, in pieces. */
  inPieces(): Iterable<MetricPoint[]> { return this.#points.inPieces(); }
  get last(): MetricPoint | undefined { return this.#points.last; }

  add(point: MetricPoint): void {
    this.#points.push(point);
    this.#unwritten.push(point);
  }

  /** Hands the points that were added since to the directory. */
  flush(): readonly MetricPoint[] {
    const points = this.#unwritten;
    this.#unwritten = [];
    if (points.length > 0) this.directory.appendMetrics(points);
    return points;
  }

  /** Changes that come again before the step after this one, `most` at most; they are taken for made. */
  due(step: number, most = Infinity): readonly Mark[] {
    const due = this.#repeated.filter((mark) => mark.step <= step + 1).slice(0, Math.max(0, most));
    if (due.length > 0) this.#repeated = this.#repeated.filter((mark) => !due.includes(mark));
    this.marks.push(...due);
    return due;
  }

  /** A person's change; one of the same hyperparameter that was to come again does not. Resolves when it is written, or cannot be, which the directory then says. */
  async change(mark: Mark): Promise<void> {
    const repeated = this.#repeated.filter(({ name }) => name !== mark.name);
    if (repeated.length === this.#repeated.length) this.directory.appendMark(mark);
    else this.directory.rewriteMarks([...this.marks, mark, ...repeated]);
    this.#repeated = repeated;
    this.marks.push(mark);
    await this.directory.syncLines().catch(() => undefined);
  }

  /** What came after the checkpoint of a step did not happen, and changes of hyperparameters come again. */
  async rewind(step: number): Promise<void> {
    await this.directory.syncLines();
    const kept = await this.directory.rewind(step);
    this.#points.replace(kept);
    this.#repeated = [...this.marks.filter((mark) => mark.step > step), ...this.#repeated];
    this.marks.splice(0, Infinity, ...this.marks.filter((mark) => mark.step <= step));
  }

  /** Nothing of it happened. */
  forget(): void {
    this.#points.replace([]);
    this.marks.length = this.#unwritten.length = 0;
  }
}

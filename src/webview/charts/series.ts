import type { MetricPoint } from '../../protocol/run';

/** What a chart shows of a point; undefined where the point does not have it. */
export type Quantity = (point: MetricPoint) => number | undefined;
export type Axis = 'step' | 'seconds';
/** uPlot's columns: x, training, held-out, held-out over the whole set; null where a series has no point. */
export type Columns = [x: number[], train: (number | null)[], test: (number | null)[], whole: (number | null)[]];

/** More points than this many pixels can show are thinned. */
const SHOWN = 2000;

/** One quantity as columns for a chart. Held-out points of one fixed batch and of the whole set are series of their own. */
export function columnsOf(all: readonly MetricPoint[], quantity: Quantity, axis: Axis): Columns {
  const points = all.filter((point) => quantity(point) !== undefined);
  const stride = Math.max(1, Math.ceil(points.length / SHOWN));
  const columns: Columns = [[], [], [], []];
  const [xs, train, test, whole] = columns;
  let previous: MetricPoint | undefined;
  points.forEach((point, index) => {
    // Whole-set points are few and the ones that count; the last is the one a person looks for.
    if (index % stride !== 0 && !point.wholeSet && point.split === 'train' && index !== points.length - 1) return;
    if (previous?.step !== point.step) {
      xs.push(point[axis]);
      train.push(null);
      test.push(null);
      whole.push(null);
    }
    (point.split === 'train' ? train : point.wholeSet ? whole : test)[xs.length - 1] = quantity(point) ?? null;
    previous = point;
  });
  return columns;
}

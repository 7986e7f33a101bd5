import type { MetricPoint } from '../../protocol/run';

/** The point that the code shows: the newest held-out one, else the newest. */
export function shownPoint(points: readonly MetricPoint[]): MetricPoint | undefined {
  for (let i = points.length - 1; i >= 0; i--) if (points[i]?.split === 'test') return points[i];
  return points.at(-1);
}

import type { MetricPoint } from '../../protocol/run';
import type { ComparedRun } from '../../protocol/runsApi';

/** A quantity of a point; undefined where the point does not have it. */
export type Quantity = (point: MetricPoint) => number | undefined;
/** x, then a column a run; null where a run has no point. */
export type OverlayColumns = [x: number[], ...runs: (number | null)[][]];

/** One quantity of several runs over steps: held-out where a run has that, else of training. */
export function overlaid(runs: readonly ComparedRun[], quantity: Quantity): OverlayColumns {
  const curves = runs.map(({ points }) => {
    const held = points.filter((point) => point.split === 'test' && Number.isFinite(quantity(point)));
    const used = held.length > 0 ? held : points.filter((point) => Number.isFinite(quantity(point)));
    return new Map(used.map((point) => [point.step, quantity(point) ?? null]));
  });
  const steps = [...new Set(curves.flatMap((curve) => [...curve.keys()]))].sort((a, b) => a - b);
  return [steps, ...curves.map((curve) => steps.map((step) => curve.get(step) ?? null))];
}

/** Names of the loss's parts that a run has, in their order, each once. */
export const partNames = (runs: readonly ComparedRun[]): string[] => [...new Set(runs.flatMap(({ points }) => Object.keys(points[0]?.parts ?? {})))];

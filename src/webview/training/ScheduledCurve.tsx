import { useCallback } from 'preact/hooks';
import type { Mark, MetricPoint } from '../../protocol/run';
import { Curve } from '../charts/Curve';
import type { Axis } from '../charts/series';
import { significant } from '../text';

/** A hyperparameter that follows a schedule, under its own name. */
export function ScheduledCurve({ name, axis, points, marks }: { readonly name: string; readonly axis: Axis; readonly points: readonly MetricPoint[]; readonly marks: readonly Mark[] }) {
  const quantity = useCallback((point: MetricPoint) => point.scheduled?.[name], [name]);
  return <Curve quantity={quantity} title={name} show={significant} axis={axis} points={points} marks={marks} />;
}

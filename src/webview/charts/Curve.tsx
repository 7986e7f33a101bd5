import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Mark, MetricPoint } from '../../protocol/run';
import { t } from '../text';
import { createChart, type Scale } from './chart';
import { columnsOf, type Axis, type Quantity } from './series';
import { onThemeChange } from './theme';

interface CurveProps {
  /** The same function from one drawing to the next. */
  readonly quantity: Quantity;
  readonly title: string;
  readonly unit?: string;
  readonly scale?: Scale;
  readonly show: (value: number) => string;
  readonly axis: Axis;
  readonly points: readonly MetricPoint[];
  readonly marks: readonly Mark[];
}

/** A quantity over steps or time, with its last values as text. */
export function Curve({ quantity, title, unit, scale = 'linear', show, axis, points, marks }: CurveProps) {
  const target = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const latest = useRef({ points, marks });
  latest.current = { points, marks };
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return undefined;
    const make = (): void => {
      plot.current?.destroy();
      plot.current = createChart(element, title, axis, () => latest.current.marks, scale);
      plot.current.setData(columnsOf(latest.current.points, quantity, axis));
    };
    make();
    const off = onThemeChange(make);
    const resized = new ResizeObserver(() => { plot.current?.setSize({ width: Math.max(160, element.clientWidth), height: plot.current.height }); });
    resized.observe(element);
    return () => {
      off();
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [quantity, title, axis, scale]);
  useEffect(() => { plot.current?.setData(columnsOf(points, quantity, axis)); }, [points, marks, quantity, axis]);

  const last = (split: 'train' | 'test'): string | undefined => {
    const point = points.filter((candidate) => candidate.split === split && quantity(candidate) !== undefined).at(-1);
    const value = point && quantity(point);
    return value === undefined ? undefined : show(value);
  };
  const [trained, heldOut] = [last('train'), last('test')];
  return (
    <section class="curve" aria-label={title}>
      <h3>{title}{unit === undefined ? null : <> <span class="unit">{unit}</span></>}</h3>
      <p class="last"><span class="train">{t('training {0}', trained ?? '\u2013')}</span>{trained !== undefined && heldOut === undefined ? null : <> <span class="test">{t('held-out {0}', heldOut ?? '\u2013')}</span></>}</p>
      <div ref={target} />
    </section>
  );
}

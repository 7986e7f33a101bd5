import { useEffect, useLayoutEffect, useRef, type MutableRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Axis, Range } from '../../protocol/alongAxis';
import { createChart, type ChartHands } from './chart';
import { onThemeChange } from './theme';

/** How a chart is drawn, and what. */
export interface Plotted {
  readonly title: string;
  /** Another one has other lines. */
  readonly kind: string;
  readonly axis: Axis;
  readonly logX: boolean;
  readonly logY: boolean;
  /** What of the axis is seen; undefined: all. */
  readonly zoom?: Range | undefined;
  /** In the colours of the theme. */
  series(): readonly uPlot.Series[];
  /** Places and a column for each of the series, for a chart of that width. */
  columns(width: number | undefined): uPlot.AlignedData;
  /** From the first to the last place; undefined where there are not two. */
  whole(): Range | undefined;
  /** Another object where there is more to be drawn. */
  readonly data: unknown;
}
const [USUAL_HEIGHT, LEAST_WIDTH, LEAST_HEIGHT] = [150, 160, 120] as const;

/** A chart in an element, made anew where its lines, axes or the theme change, and given what came since where a run goes on. */
export function usePlot(target: MutableRef<HTMLElement | null>, plotted: Plotted, full: boolean, hands: ChartHands): MutableRef<uPlot | undefined> {
  const plot = useRef<uPlot>();
  const latest = useRef({ plotted, hands });
  latest.current = { plotted, hands };
  const { title, kind, axis, logX, logY, zoom, data } = plotted;
  const feed = (): void => {
    const { current } = latest;
    const range = current.plotted.zoom ?? current.plotted.whole();
    const columns = current.plotted.columns(plot.current?.width);
    plot.current?.batch((filled: uPlot) => {
      filled.setData(columns, range === undefined);
      if (range) filled.setScale('x', range);
    });
  };
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return undefined;
    const size = () => ({ width: Math.max(LEAST_WIDTH, element.clientWidth), height: full ? Math.max(LEAST_HEIGHT, element.clientHeight) : USUAL_HEIGHT });
    const asked: ChartHands = {
      marks: () => latest.current.hands.marks(), onZoom: (range) => { latest.current.hands.onZoom(range); },
      onCursor: (at) => { latest.current.hands.onCursor(at); }, onDraw: (drawn) => { latest.current.hands.onDraw(drawn); },
    };
    const make = (): void => {
      plot.current?.destroy();
      plot.current = createChart(element, { title, axis, logX, logY, series: latest.current.plotted.series(), ...size() }, asked);
      feed();
    };
    make();
    const off = onThemeChange(make);
    const resized = new ResizeObserver(() => { if (plot.current) plot.current.setSize(size()); });
    resized.observe(element);
    return () => {
      off();
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [title, kind, axis, logX, logY, full]);
  useEffect(feed, [data, zoom?.min, zoom?.max, hands.marks()]);
  return plot;
}

import { useEffect, useLayoutEffect, useRef, type MutableRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { History } from '../../protocol/shownRun';
import { createChart, type ChartHands } from './chart';
import { columnsOf, wholeOf } from './columns';
import type { CurveView } from './curveView';
import { onThemeChange } from './theme';

export interface PlotOptions { readonly quantity: string; readonly title: string; readonly view: CurveView; readonly history: History; readonly full: boolean; readonly hands: ChartHands }
const [USUAL_HEIGHT, LEAST_WIDTH, LEAST_HEIGHT] = [150, 160, 120] as const;

/** A chart in an element, made anew where its axes or the theme change, and given what came since where a run goes on. */
export function usePlot(target: MutableRef<HTMLElement | null>, options: PlotOptions): MutableRef<uPlot | undefined> {
  const plot = useRef<uPlot>();
  const latest = useRef(options);
  latest.current = options;
  const { quantity, title, history, full, view, hands } = options;
  const { axis, logX, logY, smoothing, zoom } = view;
  const feed = (): void => {
    const { current } = latest;
    const range = current.view.zoom ?? wholeOf(current.history.tracks, current.quantity, current.view.axis, current.view.logX);
    const columns = columnsOf(current.history.tracks, current.quantity, current.view, plot.current?.width);
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
      plot.current = createChart(element, { title, axis, logX, logY, smooth: smoothing > 0, ...size() }, asked);
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
  }, [quantity, title, axis, logX, logY, smoothing > 0, full]);
  useEffect(feed, [history, zoom?.min, zoom?.max, smoothing, hands.marks()]);
  return plot;
}

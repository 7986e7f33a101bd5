import { useEffect, useRef, useState, type MutableRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Range } from '../../protocol/alongAxis';
import type { ChartMark } from './marks';
import { MarkLayer, samePlace, type PlotPlace } from './MarkLayer';
import { usePlot, type Plotted } from './usePlot';
import { panned, zoomed } from './zoom';

interface PlotProps {
  readonly plotted: Plotted;
  readonly described: string;
  readonly marks: readonly ChartMark[];
  /** Its marks are reached by keyboard. */
  readonly markStops: boolean;
  readonly full: boolean;
  /** Where the newest drawing is, for whoever copies it. */
  readonly drawing: MutableRef<HTMLCanvasElement | undefined>;
  onZoom(range: Range | undefined): void;
  onCursor(at: number | undefined): void;
}

/** Of the width, what a key press moves the cursor, and the range; and of the range, what a turn of the wheel or a key leaves. */
const [CURSOR_MOVE, PAN, CLOSER] = [0.02, 0.2, 0.8] as const;

/** The chart alone: dragged over, turned at with a modifier, or zoomed and read by keys. */
export function Plot({ plotted, described, marks, markStops, full, drawing, onZoom, onCursor }: PlotProps) {
  const hand = useRef<HTMLDivElement>(null);
  const target = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<PlotPlace>();
  const plot = usePlot(target, plotted, full, {
    marks: () => marks, onZoom, onCursor,
    onDraw: (drawn) => {
      drawing.current = drawn.ctx.canvas;
      const now = placeOf(drawn);
      setPlace((before) => (samePlace(before, now) ? before : now));
    },
  });
  const { title, axis, logX, zoom } = plotted;
  const closer = (factor: number, at?: number): void => {
    const whole = plotted.whole();
    const range = zoom ?? whole;
    if (whole && range) onZoom(zoomed(range, whole, factor, at ?? (range.min + range.max) / 2, logX));
  };
  const turned = useRef<(event: WheelEvent) => void>(() => undefined);
  turned.current = (event) => {
    if (!(event.ctrlKey || event.metaKey) || !plot.current) return;
    event.preventDefault();
    closer(event.deltaY > 0 ? 1 / CLOSER : CLOSER, plot.current.posToVal(event.clientX - plot.current.over.getBoundingClientRect().left, 'x'));
  };
  useEffect(() => {
    const element = hand.current;
    const heard = (event: WheelEvent): void => { turned.current(event); };
    element?.addEventListener('wheel', heard, { passive: false }); // else the page scrolls
    return () => { element?.removeEventListener('wheel', heard); };
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    const current = plot.current;
    if (!current || event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const sideways = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const at = current.cursor.left !== undefined && current.cursor.left >= 0 ? current.posToVal(current.cursor.left, 'x') : undefined;
    if (sideways !== 0 && event.shiftKey) {
      const whole = plotted.whole();
      if (zoom && whole) onZoom(panned(zoom, whole, sideways * PAN, logX));
    } else if (sideways !== 0) {
      const { width, height } = current.over.getBoundingClientRect();
      const from = at === undefined ? width : current.cursor.left ?? width;
      current.setCursor({ left: Math.min(width, Math.max(0, from + sideways * CURSOR_MOVE * width)), top: height / 2 });
    } else if (event.key === '+' || event.key === '=') closer(CLOSER, at);
    else if (event.key === '-') closer(1 / CLOSER, at);
    else if (event.key === '0' || event.key === 'Home') onZoom(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <div class={`plot ${full ? 'full' : ''}`} ref={hand} tabIndex={0} role="application" aria-label={title} aria-describedby={described} aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight + - 0" onKeyDown={pressed}>
      <div class="plot-target" ref={target} />
      {place && <MarkLayer marks={marks} axis={axis} place={place} stops={markStops || full} />}
    </div>
  );
}

function placeOf({ bbox, scales }: uPlot): PlotPlace {
  const [left, top, width, height] = [bbox.left, bbox.top, bbox.width, bbox.height].map((value) => value / devicePixelRatio) as [number, number, number, number];
  return { left, top, width, height, min: scales['x']?.min ?? 0, max: scales['x']?.max ?? 1, logarithmic: scales['x']?.distr === 3 };
}

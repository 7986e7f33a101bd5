import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { along, placeOf } from '../../../protocol/alongAxis';
import type { Store } from '../../store';
import { t, whole } from '../../text';
import type { CurveView } from '../curveView';
import { Figure } from '../Figure';
import { withTitle } from '../picture';
import { onThemeChange } from '../theme';
import { AXIS, drawHeat, LABELS } from './drawHeat';
import { edgesOf, extentOf, heatTable, type Cell, type HeatData } from './heatData';
import { rampEnds, rampGradient } from './ramp';

interface HeatMapProps {
  readonly store: Store;
  readonly title: string;
  readonly unit?: string;
  readonly data: HeatData;
  readonly view: CurveView;
  readonly logarithmic: boolean;
  readonly show: (value: number) => string;
  /** What it shows, in a sentence. */
  readonly summary: string;
  /** A step looked at elsewhere. */
  readonly marked?: number | undefined;
  /** A step is to be looked at. */
  onStep?(step: number): void;
}
const [ROW, MOST, LEAST] = [15, 300, 60] as const;

/** Numbers of many rows over time, as colours; the cell under the pointer, or that arrow keys have come to, is said. */
export function HeatMap({ store, title, unit, data, view, logarithmic, show, summary, marked, onStep }: HeatMapProps) {
  const [cell, setCell] = useState<Cell>();
  const [themed, setThemed] = useState(0);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const canvas = useRef<HTMLCanvasElement>(null);
  const [columns, rows] = [data.steps.length, data.names.length];
  const edges = edgesOf(data, view.axis, view.zoom, view.logX);
  const extent = extentOf(data, logarithmic);
  useEffect(() => onThemeChange(() => { setThemed((times) => times + 1); }), []);
  useLayoutEffect(() => {
    if (!canvas.current || size.width === 0) return;
    const all = along(data, view.axis);
    const shown = (value: number): string => (view.axis === 'step' ? whole(value) : t('{0} s', whole(value)));
    const at = marked === undefined ? -1 : placeOf(data.steps, marked);
    drawHeat(canvas.current, { data, edges, extent, logarithmic, ...size, cell, marked: data.steps.at(at) === marked ? edges[at] : undefined, ends: [shown(view.zoom?.min ?? all.at(0) ?? 0), shown(view.zoom?.max ?? all.at(-1) ?? 0)] });
  }, [data, view, logarithmic, size, cell, themed, marked]);
  const look = useRef<ResizeObserver>();
  const measured = (element: HTMLElement | null, full: boolean): void => {
    look.current?.disconnect();
    if (!element) return;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: full ? element.clientHeight : Math.min(MOST, Math.max(LEAST, rows * ROW)) + AXIS };
      setSize((before) => (before.width === next.width && before.height === next.height ? before : next));
    };
    look.current = new ResizeObserver(measure);
    look.current.observe(element);
    measure();
  };
  const asUsual = useCallback((element: HTMLElement | null) => { measured(element, false); }, [rows]); // another function would be measured with at each point
  const inFull = useCallback((element: HTMLElement | null) => { measured(element, true); }, [rows]);
  const under = ({ offsetX, offsetY }: MouseEvent): Cell | undefined => {
    const share = (offsetX - LABELS) / Math.max(1, size.width - LABELS);
    const column = edges.findIndex((edge, i) => share >= edge && share < (edges[i + 1] ?? -Infinity));
    const row = Math.floor(offsetY / (size.height - AXIS) * rows);
    return column >= 0 && offsetX >= LABELS && row >= 0 && row < rows ? { row, column } : undefined;
  };
  const pressed = (event: KeyboardEvent): void => {
    const { row, column } = cell ?? { row: 0, column: columns - 1 };
    const [down, right] = [({ ArrowUp: -1, ArrowDown: 1 } as Record<string, number>)[event.key] ?? 0, ({ ArrowLeft: -1, ArrowRight: 1 } as Record<string, number>)[event.key] ?? 0];
    if (event.key === 'Enter') onStep?.(data.steps.at(column) ?? 0);
    else if (down !== 0 || right !== 0) setCell(cell ? { row: Math.min(rows - 1, Math.max(0, row + down)), column: Math.min(columns - 1, Math.max(0, column + right)) } : { row, column });
    else return;
    event.preventDefault();
  };
  const value = cell && data.values[cell.row]?.at(cell.column);
  const read = cell && t('{0} at step {1}: {2}', data.names[cell.row] ?? '', whole(data.steps.at(cell.column) ?? 0), value === undefined || !Number.isFinite(value) ? '\u2013' : show(value));
  const bounds = extent ? [show(extent.min), show(extent.max)] as const : undefined;
  const picture = (): HTMLCanvasElement | undefined => canvas.current && bounds ? withTitle(canvas.current, unit === undefined ? title : `${title} (${unit})`, [{ text: bounds[0], colour: rampEnds[0] }, { text: bounds[1], colour: rampEnds[1] }]) : undefined;
  return (
    <Figure owner={store} title={title} unit={unit} summary={summary} picture={picture} table={() => heatTable(data)}>
      {(figureSize, described) => (
        <>
          <p class="last heat-last"><span aria-live="polite">{read ?? summary}</span></p>
          <div class={`heat ${figureSize === 'full' ? 'full' : ''}`} ref={figureSize === 'full' ? inFull : asUsual} tabIndex={0} role="application" aria-label={title} aria-describedby={described} aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown Enter" onKeyDown={pressed} onBlur={() => { setCell(undefined); }}>
            <canvas ref={canvas} role="img" aria-label={title} style={{ width: `${size.width}px`, height: `${size.height}px` }} onMouseMove={(event) => { setCell(under(event)); }} onMouseLeave={() => { setCell(undefined); }}
              onClick={(event) => { const at = under(event); if (at) onStep?.(data.steps.at(at.column) ?? 0); }} />
          </div>
          {bounds && <p class="heat-key unit"><span>{bounds[0]}</span><span class="heat-ramp" style={{ background: rampGradient }} aria-hidden="true" /><span>{bounds[1]} {unit}</span></p>}
        </>
      )}
    </Figure>
  );
}

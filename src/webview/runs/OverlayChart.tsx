import { useMemo, useRef, useState } from 'preact/hooks';
import { lineSeries } from '../charts/curveSeries';
import type { CurveView } from '../charts/curveView';
import { Figure, type FigureSize } from '../charts/Figure';
import type { FigureOwner } from '../charts/FigureMenu';
import type { Range } from '../../protocol/alongAxis';
import { withTitle } from '../charts/picture';
import { Plot } from '../charts/Plot';
import { lineInWords } from '../charts/summary';
import { decimal, t, whole as wholeNumber } from '../text';
import { LineMark } from './LineMark';
import { runColour, runDash } from './marks';
import { newestOf, overlaid, overlayColumns, overlayRange, overlayTable, readNear, seenIn, type Beside, type CloserRuns } from './overlay';

interface OverlayChartProps {
  readonly owner: FigureOwner;
  readonly title: string;
  readonly unit: string | undefined;
  /** As tracks name it. */
  readonly quantity: string;
  readonly runs: readonly Beside[];
  /** What is zoomed into, of long runs. */
  readonly closer: CloserRuns | undefined;
  /** The runs with all of their points. */
  allRuns(): Promise<readonly Beside[]>;
  /** What each run is called. */
  readonly names: readonly string[];
  readonly view: CurveView;
  onZoom(range: Range | undefined): void;
}
const NO_MARKS: never[] = [];

/** A quantity of several runs in one chart; the newest values of each, or those under the cursor. */
export function OverlayChart({ owner, title, unit, quantity, runs, closer, allRuns, names, view, onZoom }: OverlayChartProps) {
  const [cursor, setCursor] = useState<number>();
  const drawing = useRef<HTMLCanvasElement>();
  const whole = useMemo(() => overlaid(runs, quantity), [runs, quantity]);
  const { axis, logX, logY, zoom } = view;
  const data = useMemo(() => overlaid(runs, quantity, seenIn(zoom && { axis, ...zoom }, runs, closer)), [runs, quantity, axis, zoom, closer]);
  const kinds = { whole: t('held-out, all'), test: t('held-out'), train: t('training') };
  const said = [unit, whole.kind && kinds[whole.kind]].filter((part) => part !== undefined).join(', ') || undefined;
  const read = cursor === undefined ? whole.lines.map(newestOf) : data.lines.map((line) => readNear(line, axis, cursor));
  const plotted = {
    title, kind: runs.map(({ id }) => id).join(), axis, logX, logY, zoom, data,
    series: () => runs.map((_, i) => lineSeries(runColour(i), 1.5, { dash: [...runDash(i)] })), columns: (width: number | undefined) => overlayColumns(data, view, width), whole: () => overlayRange(whole, view),
  };
  const picture = (): HTMLCanvasElement | undefined => drawing.current && withTitle(drawing.current, said === undefined ? title : `${title} (${said})`, names.map((text, i) => ({ text, colour: runColour(i) })));
  const summary = whole.lines.map((line, i) => lineInWords(line, names[i] ?? '', decimal)).filter((text) => text !== undefined).join(' ') || t('No points yet.');
  return (
    <Figure owner={owner} title={title} unit={said} summary={summary} picture={picture} table={() => overlayTable(whole, names)} wholeTable={async () => overlayTable(overlaid(await allRuns(), quantity), names)}>
      {(size: FigureSize, described) => (
        <>
          <p class="last" aria-live={cursor === undefined ? 'off' : 'polite'}>
            {cursor !== undefined && <span class="at">{axis === 'step' ? t('step {0}', wholeNumber(Math.round(cursor))) : t('{0} s', cursor.toFixed(1))}</span>}
            {read.map((value, i) => <span key={i} title={names[i]}><LineMark index={i} /> <span class="heard">{names[i]} </span>{value === undefined ? '\u2013' : decimal(value.value)}</span>)}
          </p>
          <Plot plotted={plotted} described={described} marks={NO_MARKS} markStops={false} full={size === 'full'} drawing={drawing} onZoom={onZoom} onCursor={setCursor} />
        </>
      )}
    </Figure>
  );
}

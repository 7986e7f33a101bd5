import { useMemo, useRef, useState } from 'preact/hooks';
import type { Range } from '../../protocol/alongAxis';
import type { History } from '../../protocol/shownRun';
import { tracksFor, type CloseUp } from '../runPoints';
import type { Store } from '../store';
import { t, whole } from '../text';
import { columnsOf, wholeOf } from './columns';
import { curveSeries } from './curveSeries';
import type { CurveView } from './curveView';
import { Figure } from './Figure';
import type { ChartMark } from './marks';
import { withTitle } from './picture';
import { Plot } from './Plot';
import { newest, readAt } from './readout';
import { curveInWords } from './summary';
import { curveTable } from './table';
import { themeColours } from './theme';

interface CurveProps {
  readonly store: Store;
  /** As tracks name it. */
  readonly quantity: string;
  readonly title: string;
  readonly unit?: string | undefined;
  readonly show: (value: number) => string;
  readonly history: History;
  /** What is seen closely, where the run is long. */
  readonly closeUp: CloseUp | undefined;
  readonly view: CurveView;
  readonly marks: readonly ChartMark[];
  readonly markStops?: boolean;
  onZoom(range: Range | undefined): void;
}

/** A quantity over steps or time; its newest values as text, or those under the cursor. */
export function Curve({ store, quantity, title, unit, show, history, closeUp, view, marks, markStops = false, onZoom }: CurveProps) {
  const [cursor, setCursor] = useState<number>();
  const drawing = useRef<HTMLCanvasElement>();
  const { axis, logX, logY, smoothing, zoom } = view;
  const seen = tracksFor(history.tracks, closeUp, zoom && { axis, ...zoom });
  const { at, trained, heldOut } = cursor === undefined ? newest(history.tracks, quantity) : readAt(seen, quantity, view.axis, cursor);
  const said = (value: number | undefined): string => (value === undefined ? '\u2013' : show(value));
  const picture = (): HTMLCanvasElement | undefined => {
    const { train, test } = themeColours();
    return drawing.current && withTitle(drawing.current, unit === undefined ? title : `${title} (${unit})`, [{ text: t('training'), colour: train }, ...(heldOut === undefined ? [] : [{ text: t('held-out'), colour: test }])]);
  };
  const data = useMemo(() => ({}), [history, seen, quantity, smoothing]);
  const isSmooth = smoothing > 0;
  const plotted = {
    title, kind: isSmooth ? 'smoothed' : 'as it is', axis, logX, logY, zoom, data,
    series: () => curveSeries(isSmooth), columns: (width: number | undefined) => columnsOf(seen, quantity, view, width), whole: () => wholeOf(history.tracks, quantity, axis, logX),
  };
  return (
    <Figure owner={store} title={title} unit={unit} summary={curveInWords(history.tracks, quantity, show, marks)} picture={picture} table={() => curveTable(history.tracks, quantity)} wholeTable={async () => curveTable(await store.allTracks(), quantity)}>
      {(size, described) => (
        <>
          <p class="last" aria-live={cursor === undefined ? 'off' : 'polite'}>
            {at !== undefined && <><span class="at">{view.axis === 'step' ? t('step {0}', whole(at)) : t('{0} s', at.toFixed(1))}</span> </>}
            <span class="train">{t('training {0}', said(trained))}</span>{trained !== undefined && heldOut === undefined ? null : <> <span class="test">{t('held-out {0}', said(heldOut))}</span></>}
          </p>
          <Plot plotted={plotted} described={described} marks={marks} markStops={markStops} full={size === 'full'} drawing={drawing} onZoom={onZoom} onCursor={setCursor} />
        </>
      )}
    </Figure>
  );
}

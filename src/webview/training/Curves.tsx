import { useEffect, useMemo } from 'preact/hooks';
import { changeView, curveViewOf } from '../charts/curveView';
import { Curve } from '../charts/Curve';
import { CurveControls } from '../charts/CurveControls';
import { changeMark, checkpointMark, modelMark } from '../charts/marks';
import { secondsAt, type Range } from '../../protocol/alongAxis';
import type { ModelChange } from '../../protocol/run';
import { useValue } from '../observable';
import type { ShownRun } from '../../protocol/shownRun';
import type { CloseUp } from '../runPoints';
import type { Store } from '../store';
import { decimal, significant, t } from '../text';
import { partTitle, partUnit } from './partTitle';

const none: ModelChange[] = [];
/** What is charted before the first point names the parts. */
const expected = ['reconstruction', 'kl'];
const named = (columns: ReadonlyMap<string, unknown>, beginning: string): string[] => [...columns.keys()].flatMap((name) => (name.startsWith(beginning) ? [name.slice(beginning.length)] : []));

/** The curves of the loss and its parts, of the gradients' norm and of what follows a schedule. */
export function Curves({ store, closeUp, run: { history, marks, checkpoints, isCoarse, manifest: { changes = none, lastStep } } }: { readonly store: Store; readonly run: ShownRun; readonly closeUp: CloseUp | undefined }) {
  const view = useValue(curveViewOf(store));
  const { train } = history.tracks;
  const { columns, length, total } = train;
  const { smoothing, axis, zoom } = view;
  useEffect(() => { store.lookAt({ smoothing, ...(zoom ? { range: { axis, ...zoom } } : {}) }); }, [store, smoothing, axis, zoom?.min, zoom?.max]);
  const shownMarks = useMemo(() => [...marks.map(changeMark), ...changes.filter(({ step }) => step <= lastStep + 1).map(modelMark), ...(checkpoints ?? []).map((step) => checkpointMark(step, secondsAt(train, step)))], [marks, changes, checkpoints, history.tracks]);
  const parts = length > 0 ? named(columns, 'part:') : expected;
  const shared = { store, history, closeUp, view, marks: shownMarks, onZoom: (zoom: Range | undefined) => { changeView(store, { zoom }); } };
  return (
    <>
      <CurveControls title={t('Curves')} view={view} smooths onChange={(change) => { changeView(store, change); }} />
      <div class="curves" data-testid="curves" data-points={isCoarse ? length : total}>
        <Curve {...shared} quantity="loss" title={t('Loss')} unit={t('nats')} show={decimal} markStops />
        {parts.map((name) => <Curve key={name} {...shared} quantity={`part:${name}`} title={partTitle(name)} unit={partUnit(name)} show={decimal} />)}
        {columns.has('gradientNorm') && <Curve {...shared} view={{ ...view, logY: true }} quantity="gradientNorm" title={t('Gradient norm')} show={significant} />}
        {named(columns, 'scheduled:').map((name) => <Curve key={`scheduled ${name}`} {...shared} quantity={`scheduled:${name}`} title={name} show={significant} />)}
      </div>
    </>
  );
}

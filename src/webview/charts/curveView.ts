import * as z from 'zod';
import { axes, type Axis, type Range } from '../../protocol/alongAxis';
import { Value } from '../observable';
import type { Store } from '../store';

/** What of a view is kept. */
export const curveViewSchema = z.object({ axis: z.enum(axes), logX: z.boolean(), logY: z.boolean(), smoothing: z.number().min(0).max(0.999) });
/** How all curves of a panel are drawn. `zoom`, in steps or seconds: what is seen; absent: all. */
export type CurveView = Omit<z.infer<typeof curveViewSchema>, 'axis'> & { readonly axis: Axis; readonly zoom?: Range | undefined };
export const freshView: CurveView = { axis: 'step', logX: false, logY: false, smoothing: 0 };
const PART = 'curves';
const views = new WeakMap<Store, Value<CurveView>>();

/** As it was when the panel was last open, all of the run seen; kept while other tabs are looked at. */
export function curveViewOf(store: Store): Value<CurveView> {
  const known = views.get(store);
  if (known) return known;
  const kept = curveViewSchema.safeParse(store.kept[PART]);
  const view = new Value<CurveView>(kept.success ? kept.data : freshView);
  views.set(store, view);
  return view;
}

/** Another axis shows all of a run: a range of steps is none of seconds, and 0 is on no logarithmic one. */
export const withChange = (view: CurveView, change: Partial<CurveView>): CurveView => ({ ...view, ...('axis' in change || 'logX' in change ? { zoom: undefined } : {}), ...change });

export function changeView(store: Store, change: Partial<CurveView>): void {
  const view = curveViewOf(store);
  const next = withChange(view.get(), change);
  view.set(next);
  const { zoom: _zoom, ...kept } = next;
  if (Object.keys(change).some((key) => key !== 'zoom')) store.ask('keepState', { part: PART, state: kept });
}

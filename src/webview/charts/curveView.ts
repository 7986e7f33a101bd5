import * as z from 'zod';
import { axes, type Axis, type Range } from '../../protocol/alongAxis';
import { Value } from '../observable';
import type { Store } from '../store';

const schema = z.object({ axis: z.enum(axes), logX: z.boolean(), logY: z.boolean(), smoothing: z.number().min(0).max(0.999) });
/** How all curves of a panel are drawn. `zoom`, in steps or seconds: what is seen; absent: all. */
export type CurveView = Omit<z.infer<typeof schema>, 'axis'> & { readonly axis: Axis; readonly zoom?: Range | undefined };
const fresh: CurveView = { axis: 'step', logX: false, logY: false, smoothing: 0 };
const PART = 'curves';
const views = new WeakMap<Store, Value<CurveView>>();

/** As it was when the panel was last open, all of the run seen; kept while other tabs are looked at. */
export function curveViewOf(store: Store): Value<CurveView> {
  const known = views.get(store);
  if (known) return known;
  const kept = schema.safeParse(store.kept[PART]);
  const view = new Value<CurveView>(kept.success ? kept.data : fresh);
  views.set(store, view);
  return view;
}

/** Another axis shows all of the run: a range of steps is none of seconds. */
export function changeView(store: Store, change: Partial<CurveView>): void {
  const view = curveViewOf(store);
  const before = view.get();
  const next = { ...before, ...('axis' in change ? { zoom: undefined } : {}), ...change };
  view.set(next);
  const { zoom: _zoom, ...kept } = next;
  if (Object.keys(change).some((key) => key !== 'zoom')) store.ask('keepState', { part: PART, state: kept });
}

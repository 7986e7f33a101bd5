import { KlSection } from '../moments/KlSection';
import { PicturesSection } from '../moments/PicturesSection';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { TuningSection } from '../tuning/TuningSection';
import { Curves } from './Curves';
import { LayersSection } from './LayersSection';

/** The curves of a run, what the model makes of held-out examples, and what goes on inside it. */
export function TrainingTab({ store, run }: { readonly store: Store; readonly run: ShownRun }) {
  return (
    <>
      <Curves store={store} run={run} />
      <TuningSection store={store} run={run} />
      <PicturesSection store={store} run={run} />
      <KlSection store={store} moments={run.moments ?? []} prior={run.manifest.prior} />
      <LayersSection store={store} history={run.history} />
    </>
  );
}

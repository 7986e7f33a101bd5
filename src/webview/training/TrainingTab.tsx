import { KlSection } from '../moments/KlSection';
import { PicturesSection } from '../moments/PicturesSection';
import type { ModelFile } from '../../protocol/panelApi';
import type { ShownRun } from '../../protocol/shownRun';
import type { CloseUp } from '../runPoints';
import type { Store } from '../store';
import { TuningSection } from '../tuning/TuningSection';
import { Curves } from './Curves';
import { LayersSection } from './LayersSection';

/** The curves of a run, what the model makes of held-out examples, and what goes on inside it. */
export function TrainingTab({ store, run, closeUp, modelFile }: { readonly store: Store; readonly run: ShownRun; readonly closeUp: CloseUp | undefined; readonly modelFile: ModelFile | undefined }) {
  return (
    <>
      <Curves store={store} run={run} closeUp={closeUp} />
      <TuningSection store={store} run={run} modelFile={modelFile} />
      <PicturesSection store={store} run={run} />
      <KlSection store={store} moments={run.moments ?? []} prior={run.manifest.prior} testCount={run.manifest.testCount} />
      <LayersSection store={store} history={run.history} />
    </>
  );
}

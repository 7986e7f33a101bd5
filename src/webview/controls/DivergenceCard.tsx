import { useEffect, useState } from 'preact/hooks';
import type { DivergenceOffer } from '../../protocol/panelApi';
import type { Store } from '../store';
import { t } from '../text';

/** What can be done where a loss diverged: a branch from the last healthy checkpoint, and edits of the model file. */
export function DivergenceCard({ store, runId }: { readonly store: Store; readonly runId: string }) {
  const [offers, setOffers] = useState<readonly DivergenceOffer[]>([]);
  useEffect(() => {
    let current = true;
    store.client.request('divergenceOffers', {}).then(({ offers: found }) => { if (current) setOffers(found); }, (error: unknown) => { store.fail(error); });
    return () => { current = false; };
  }, [store, runId]);
  if (offers.length === 0) return null;
  return (
    <div class="toolbar" role="toolbar" aria-label={t('Ways out')} data-testid="offers">
      {offers.map(({ kind, title }) => <vscode-button key={kind} appearance={kind === 'branch' ? 'primary' : 'secondary'} onClick={() => { store.ask('takeOffer', { kind }); }}>{title}</vscode-button>)}
    </div>
  );
}

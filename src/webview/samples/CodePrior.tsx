import { isLive } from '../../protocol/run';
import { bitsOf } from '../../protocol/priorInWords';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { fromHost, t } from '../text';

/** Of a VQ-VAE: what its codes are drawn from, and how the prior over them is learned. */
export function CodePrior({ store, run: { manifest: { prior, state }, learning } }: { readonly store: Store; readonly run: Pick<ShownRun, 'manifest' | 'learning'> }) {
  if (!prior.learns) return null;
  if (learning) {
    return (
      <div class="row" role="group" aria-label={t('Prior over the codes')}>
        <p class="waiting" role="status">
          <progress value={learning.fraction} aria-label={t('Prior over the codes')} /> {fromHost(learning.what)}
          {learning.nats !== undefined && <span class="unit">{t('{0} of {1} bits a code', (learning.nats / Math.LN2).toFixed(2), Math.log2(learning.codes).toFixed(2))}</span>}
        </p>
        <div class="toolbar"><vscode-button appearance="secondary" onClick={() => { store.ask('cancelPrior', {}); }}>{t('Cancel')}</vscode-button></div>
      </div>
    );
  }
  if (prior.learned) {
    const { learned, independent, uniform } = bitsOf(prior.learned);
    return <p class="unit">{t('The prior over the codes takes {0} bits a code on held-out examples; {1} where each code is coded by itself, {2} were all codes alike.', learned, independent, uniform)}</p>;
  }
  if (isLive(state)) return <p class="unit">{t('A prior over the codes is learned when training ends. Until then codes are drawn each by itself.')}</p>;
  return (
    <div class="row" role="group" aria-label={t('Prior over the codes')}>
      <p class="unit">{prior.outdated === undefined ? t('No prior over the codes is learned yet: they are drawn each by itself.') : t('The prior over the codes was learned after step {0}, and the model has trained since: codes are drawn each by itself.', prior.outdated)}</p>
      {prior.failed !== undefined && <p class="empty" role="alert">{fromHost(prior.failed)}</p>}
      <div class="toolbar"><vscode-button onClick={() => { store.ask('learnPrior', {}); }}>{t('Learn the prior')}</vscode-button></div>
    </div>
  );
}

import type * as z from 'zod';
import type { Preview, previewCommandSchema } from '../../protocol/previewApi';
import { Pictures } from '../images/Pictures';
import { useValue, type Value } from '../observable';
import { fromHost, t } from '../text';

const COLUMNS = 4;

/** The samples of the model under the cursor. */
export function PreviewView({ shown, ask }: { readonly shown: Value<Preview | undefined>; readonly ask: (name: z.infer<typeof previewCommandSchema>) => void }) {
  const preview = useValue(shown);
  if (!preview) return null;
  const { model, state, samples, seed, isFixed, isChanged, error } = preview;
  if (!model) return <main><p class="empty">{t('Put the cursor into a model of a .vae.ts file to see its samples here.')}</p></main>;
  return (
    <main class="preview">
      <header>
        <div class="title"><h1>{model.name}</h1><span class="state" role="status">{state}</span></div>
      </header>
      {error !== undefined && <p class="notice" role="alert">{fromHost(error)}</p>}
      {isChanged && <p class="unit">{t('The file has changed since this run was started.')}</p>}
      {samples ? (
        <>
          <Pictures strips={[samples.strip]} columns={COLUMNS} label={samples.are} testId="preview-samples" />
          <p class="unit">{isFixed ? t('from the same z each time, seed {0}', seed) : t('draws of seed {0}', seed)}</p>
          <div class="toolbar" role="toolbar" aria-label={t('Samples')}>
            <vscode-button onClick={() => { ask('sampleAgain'); }}>{t('Sample again')}</vscode-button>
            <vscode-button appearance="secondary" disabled={isFixed} onClick={() => { ask('fixSamples'); }}>{t('Use as fixed z')}</vscode-button>
            <vscode-button appearance="secondary" onClick={() => { ask('openPanel'); }}>{t('Open panel')}</vscode-button>
          </div>
        </>
      ) : (
        <div class="empty">
          <p>{t('There are no samples yet: they come when this model trains.')}</p>
          <vscode-button onClick={() => { ask('train'); }}>{t('Train VAE')}</vscode-button>
        </div>
      )}
    </main>
  );
}

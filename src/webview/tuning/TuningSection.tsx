import type { ModelFile } from '../../protocol/panelApi';
import { settingsOf } from '../../protocol/settings';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { significant, t } from '../text';
import { HotRow } from './HotRow';
import { WarmRow } from './WarmRow';

/** Every number of a run: those that may change while it trains with sliders, the others with a way to their place in the model file. */
export function TuningSection({ store, run: { manifest }, modelFile }: { readonly store: Store; readonly run: ShownRun; readonly modelFile: ModelFile | undefined }) {
  if (manifest.stepsPerEpoch === 0) return null; // it is not known yet
  const settings = settingsOf(manifest);
  const trains = manifest.state.kind === 'running' || manifest.state.kind === 'paused';
  return (
    <section class="tuning" data-testid="tuning">
      <h2>{t('Hyperparameters')} <span class="unit">{trains ? t('hot: apply at the next step') : t('of the run as it ended')}</span></h2>
      {modelFile?.isThere === false && (
        <p class="tuning-gone" role="status">
          {t('The model file is not there any more. The run has its text.')} <vscode-button appearance="secondary" onClick={() => { store.ask('command', { name: 'restoreModelFile' }); }}>{t('Write It Again')}</vscode-button>
        </p>
      )}
      {settings.map((setting) => setting.temperature === 'hot' && <HotRow key={setting.name} store={store} setting={setting} inFile={modelFile?.numbers[setting.literal]} scheduled={manifest.following?.includes(setting.name) === true} disabled={!trains} />)}
      {settings.map((setting) => setting.temperature === 'warm' && <WarmRow key={setting.name} store={store} setting={setting} inFile={modelFile?.numbers[setting.literal]} disabled={!trains} />)}
      <ul class="tuning-others">
        {settings.map(({ name, literal, value, temperature }) => temperature === 'cold' && (
          <li key={name}><button type="button" title={t('Show in the model file')} onClick={() => { store.ask('showNumber', { name: literal }); }}>{name} <b>{significant(value, 6)}</b></button> <span class="unit">{t('cold: needs a new run')}</span></li>
        ))}
      </ul>
    </section>
  );
}

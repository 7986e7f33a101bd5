import { canResume, isLive } from '../../protocol/run';
import type { ShownRun } from '../../protocol/shownRun';
import { stateWord } from '../stateWord';
import type { Store } from '../store';
import { decimal, duration, fromHost, significant, t, whole } from '../text';

function progressLine({ manifest, speed, learning }: ShownRun): string {
  const total = manifest.epochs * manifest.stepsPerEpoch;
  if (total === 0) return '';
  const parts = [t('step {0} of {1}', whole(manifest.lastStep), whole(total)), t('epoch {0} of {1}', Math.max(1, Math.ceil(manifest.lastStep / manifest.stepsPerEpoch)), manifest.epochs)];
  if (learning) parts.push(`${fromHost(learning.what)} ${whole(Math.floor(learning.fraction * 100))} %`);
  else if (manifest.state.kind === 'running' && speed) {
    parts.push(t('{0} steps/s', decimal(speed.stepsPerSecond)));
    if (speed.secondsLeft !== undefined) parts.push(t('{0} left', duration(speed.secondsLeft)));
  }
  return parts.join(' \u00b7 ');
}

/** What is trained on what, how far it is, and what can be done with it. */
export function Header({ store, name, run }: { readonly store: Store; readonly name: string; readonly run: ShownRun }) {
  const { manifest } = run;
  const { state } = manifest;
  const ask = (method: 'pause' | 'resume' | 'stop') => () => { store.ask(method, {}); };
  const command = (name: 'train' | 'resume' | 'branch' | 'setHyperparameter') => () => { store.ask('command', { name }); };
  const total = manifest.epochs * manifest.stepsPerEpoch;
  const fraction = state.kind === 'preparing' ? state.fraction : total > 0 ? manifest.lastStep / total : undefined;
  return (
    <header>
      <div class="title">
        <h1>{name}</h1>
        <span class={`state ${state.kind}`} data-testid="state" role="status">{state.kind === 'preparing' ? fromHost(state.what) : stateWord(state)}</span>
        <span class="device">{manifest.device}</span>
      </div>
      <div class="toolbar" role="toolbar" aria-label={t('Training')}>
        {state.kind === 'running' && <vscode-button appearance="secondary" onClick={ask('pause')}>{t('Pause')}</vscode-button>}
        {state.kind === 'paused' && <vscode-button onClick={ask('resume')}>{t('Resume')}</vscode-button>}
        {isLive(state) && <vscode-button appearance="secondary" onClick={ask('stop')}>{state.kind === 'preparing' ? t('Cancel') : t('Stop')}</vscode-button>}
        {(state.kind === 'running' || state.kind === 'paused') && <vscode-button appearance="secondary" onClick={command('setHyperparameter')}>{t('Set Hyperparameter...')}</vscode-button>}
        {canResume(manifest) && <vscode-button onClick={command('resume')}>{t('Resume')}</vscode-button>}
        {!isLive(state) && <vscode-button appearance={canResume(manifest) ? 'secondary' : 'primary'} onClick={command('train')}>{t('Train again')}</vscode-button>}
        {!isLive(state) && manifest.stepsPerEpoch > 0 && <vscode-button appearance="secondary" onClick={command('branch')}>{t('Branch...')}</vscode-button>}
      </div>
      {isLive(state) && <progress aria-label={t('Progress')} {...(fraction === undefined ? {} : { value: fraction })} max={1} />}
      {[manifest.checkpointNotice, manifest.engineNotice, manifest.stepNotice, ...manifest.data?.notices ?? []].map((notice) => notice !== undefined && <p class="unit" key={notice}>{fromHost(notice)}</p>)}
      {manifest.gate && 'unchecked' in manifest.gate && <p class="unit">{t('The gradients of this model could not be compared with another engine\'s: {0}', fromHost(manifest.gate.unchecked))}</p>}
      <p class="progress">{progressLine(run)}</p>
      <dl class="hyperparameters">
        {Object.entries(manifest.hyperparameters).map(([key, value]) => <div key={key}><dt>{key}</dt><dd>{significant(value, 4)}</dd></div>)}
        {manifest.stepsPerEpoch > 0 && <div><dt>{t('batch')}</dt><dd>{manifest.batchSize}</dd></div>}
        {manifest.stepsPerEpoch > 0 && <div><dt>{t('latent dimensions')}</dt><dd>{manifest.latentDim}</dd></div>}
        <div><dt>{t('seed')}</dt><dd>{manifest.seed}</dd></div>
      </dl>
    </header>
  );
}

import { DivergenceCard } from './controls/DivergenceCard';
import { Header } from './controls/Header';
import { NoticeCard } from './controls/NoticeCard';
import { EvaluationTab } from './evaluation/EvaluationTab';
import { UsesSection } from './evaluation/UsesSection';
import { activeTab } from './kit';
import { LatentTab } from './latent/LatentTab';
import { SamplesTab } from './samples/SamplesTab';
import { usePanel, type Store } from './store';
import { fromHost, t } from './text';
import { TrainingTab } from './training/TrainingTab';
import type { Notice, PanelView } from '../protocol/panelApi';
import type { RunState } from '../protocol/run';

const views: readonly PanelView[] = ['training', 'samples', 'latent', 'evaluation'];

/** A failed run speaks for itself. */
function failure(state: RunState): Notice | undefined {
  if (state.kind !== 'failed') return undefined;
  const { message, location } = state.error;
  return { kind: 'error', text: location ? `${location.file.split(/[\\/]/).at(-1) ?? ''}:${location.line}: ${fromHost(message)}` : fromHost(message), actions: ['openModelFile', 'train', 'openLog'] };
}

/** The panel of one model. */
export function App({ store }: { readonly store: Store }) {
  const state = usePanel(store);
  if (!state) return <p class="waiting" role="status"><vscode-progress-ring /></p>;
  const { run, subject, view } = state;
  const notice = state.notice ?? (run && failure(run.manifest.state));
  const trouble = state.trouble !== undefined && <NoticeCard store={store} notice={{ kind: 'error', text: state.trouble, actions: ['openLog'] }} onClose={() => { store.forgetTrouble(); }} />;
  const titles = { training: t('Training'), samples: t('Samples'), latent: t('Latent space'), evaluation: t('Evaluation') };
  if (!run) {
    return (
      <main>
        <header><div class="title"><h1>{subject.name}</h1></div></header>
        {trouble}
        {notice ? <NoticeCard store={store} notice={notice} /> : (
          <div class="empty">
            <p>{t('No runs yet. Train this model to see its curves, reconstructions and latent space here.')}</p>
            <vscode-button onClick={() => { store.ask('command', { name: 'train' }); }}>{t('Train VAE')}</vscode-button>
          </div>
        )}
      </main>
    );
  }
  const ready = run.manifest.state.kind !== 'preparing';
  return (
    <main>
      <Header store={store} name={subject.name} run={run} />
      {notice && <NoticeCard store={store} notice={notice} />}
      {trouble}
      {run.manifest.state.kind === 'failed' && run.manifest.state.error.code === 'nonFinite' && <DivergenceCard store={store} runId={run.manifest.id} />}
      <vscode-panels activeid={`tab-${view}`} aria-label={t('Views')} onChange={(event: Event) => { const chosen = views.find((candidate) => `tab-${candidate}` === activeTab(event)); if (chosen) store.setView(chosen); }}>
        {views.map((candidate) => <vscode-panel-tab key={candidate} id={`tab-${candidate}`}>{titles[candidate]}</vscode-panel-tab>)}
        {views.map((candidate) => (
          <vscode-panel-view key={candidate} id={`view-${candidate}`}>
            <div class="view">
              {candidate === view && (view === 'training' ? <TrainingTab store={store} run={run} closeUp={state.closeUp} modelFile={state.modelFile} />
                : view === 'samples' ? <SamplesTab store={store} run={run} name={subject.name} ready={ready} />
                : view === 'latent' ? <LatentTab store={store} run={run} />
                : <><EvaluationTab store={store} run={run} ready={ready} /><UsesSection store={store} manifest={run.manifest} ready={ready} asked={state.use} /></>)}
            </div>
          </vscode-panel-view>
        ))}
      </vscode-panels>
    </main>
  );
}

import type { RunState } from '../../protocol/run';

/** What the lenses of a model say of its run. */
export interface RunSummary { readonly state: RunState; readonly lastStep: number; readonly lastLoss?: number | undefined }
export type FirstLens = 'train' | 'pause' | 'resume';

const nats = (loss: number): string => `${loss.toFixed(1)} nats`;

/** Which action the first lens offers. */
export function firstLens(run: RunSummary | undefined): FirstLens {
  switch (run?.state.kind) {
    case 'running': case 'preparing': return 'pause';
    case 'paused': case 'interrupted': return 'resume';
    case 'completed': case 'stopped': case 'failed': case undefined: return 'train';
  }
}

/** The last lens, always there so that no line jumps. `t` translates, `said` what the host says. */
export function stateText(run: RunSummary | undefined, t: (text: string, ...values: string[]) => string, said: (sentence: string) => string): string {
  if (!run) return t('no runs yet');
  const loss = run.lastLoss === undefined ? '' : nats(run.lastLoss);
  switch (run.state.kind) {
    case 'preparing': return `${said(run.state.what)}...`;
    case 'running': case 'paused': {
      const step = t('step {0}', run.lastStep.toLocaleString('en-US'));
      return loss === '' ? step : `${step} \u00b7 ${loss}`;
    }
    case 'failed': return t('last run failed');
    case 'interrupted': return t('interrupted at step {0}', run.lastStep.toLocaleString('en-US'));
    case 'completed': case 'stopped': return loss === '' ? t('last run ended') : t('last run {0}', loss);
  }
}

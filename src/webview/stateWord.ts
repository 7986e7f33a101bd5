import type { RunState } from '../protocol/run';
import { t } from './text';

/** A run's state in a word. */
export function stateWord({ kind }: RunState): string {
  switch (kind) {
    case 'preparing': return t('preparing');
    case 'running': return t('training');
    case 'paused': return t('paused');
    case 'completed': return t('completed');
    case 'stopped': return t('stopped');
    case 'interrupted': return t('interrupted');
    case 'failed': return t('failed');
  }
}

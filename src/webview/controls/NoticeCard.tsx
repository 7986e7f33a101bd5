import type { Notice } from '../../protocol/panelApi';
import type { Store } from '../store';
import { fromHost, t } from '../text';

/** Something the person should know, with what can be done about it. */
export function NoticeCard({ store, notice, onClose }: { readonly store: Store; readonly notice: Notice; /** Puts it away, where a person may. */ readonly onClose?: () => void }) {
  const titles = { resume: t('Resume'), train: t('Train again'), openLog: t('Open Log'), openModelFile: t('Open Model File') };
  if (notice.kind === 'waiting') return <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {notice.text}</p>;
  return (
    <div class="notice" role="alert">
      <p>{fromHost(notice.text)}</p>
      <div class="toolbar">
        {notice.actions.map((action) => (
          <vscode-button key={action} appearance={action === (notice.actions.includes('resume') ? 'resume' : 'train') ? 'primary' : 'secondary'} onClick={() => { store.ask('command', { name: action }); }}>{titles[action]}</vscode-button>
        ))}
        {onClose && <vscode-button appearance="secondary" onClick={onClose}>{t('Close')}</vscode-button>}
      </div>
    </div>
  );
}

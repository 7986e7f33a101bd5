import { useMemo } from 'preact/hooks';
import { Pictures } from '../../images/Pictures';
import { t, whole } from '../../text';
import { useExamples } from '../examples';
import { Keep } from '../Keep';
import { NameField } from '../NameField';
import type { LatentSession } from '../session';
import type { Group } from '../state';

const SHOWN = 12;

/** A group: its name, a few of its examples, and what can be done with it. */
export function GroupRow({ session, runId, group, taken }: { readonly session: LatentSession; readonly runId: string; readonly group: Group; readonly taken: readonly string[] }) {
  const shown = useMemo(() => group.indices.slice(0, SHOWN), [group.indices]);
  const pictures = useExamples(session.store.client, runId, group.split, shown);
  const change = (next: Group | undefined): void => {
    const { groups } = session.state.get();
    session.state.change({ groups: groups.flatMap((other) => (other.name === group.name ? next ?? [] : other)) });
  };
  return (
    <li class="group">
      <div class="toolbar">
        <NameField label={t('Name of the group')} value={group.name} taken={taken} onName={(name) => { change({ ...group, name }); }} />
        <span class="unit">{group.split === 'train' ? t('{0} training examples', whole(group.indices.length)) : t('{0} held-out examples', whole(group.indices.length))}</span>
        <Keep session={session} name={group.name} item={() => ({ kind: 'group', split: group.split, indices: group.indices })} />
        <vscode-button appearance="secondary" aria-label={t('Delete {0}', group.name)} onClick={() => { change(undefined); }}>{t('Delete')}</vscode-button>
      </div>
      <div class="thumbs">{pictures.map((picture, i) => picture && <Pictures key={shown[i]} strips={[picture]} columns={1} label="" />)}</div>
    </li>
  );
}

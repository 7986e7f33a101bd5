import { usePart } from '../../observable';
import { t } from '../../text';
import type { LatentSession } from '../session';
import { AttributeVector } from './AttributeVector';
import { GroupRow } from './GroupRow';

/** Groups lassoed on the map, and the vectors between them. */
export function GroupsTool({ session, runId, name, step }: { readonly session: LatentSession; readonly runId: string; readonly name: string; readonly step: number }) {
  const { groups } = usePart(session.state, 'groups');
  return (
    <>
      <section aria-label={t('Groups')}>
        <h2>{t('Groups')}</h2>
        {groups.length === 0 ? <p class="unit">{t('Draw a lasso on the map to make a group (choose "Lasso", or hold Shift and drag); where examples have labels, a label under the map makes one too.')}</p>
          : <ul class="groups">{groups.map((group) => <GroupRow key={group.name} session={session} runId={runId} group={group} taken={groups.map((other) => other.name)} />)}</ul>}
      </section>
      <AttributeVector session={session} name={name} step={step} />
    </>
  );
}

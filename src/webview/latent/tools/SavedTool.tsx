import { useEffect, useState } from 'preact/hooks';
import type { HostResult } from '../../../protocol/hostApi';
import type { NamedItem } from '../../../protocol/latentItems';
import { Pictures } from '../../images/Pictures';
import { useValue } from '../../observable';
import { t } from '../../text';
import { Export } from '../Export';
import { NameField } from '../NameField';
import type { LatentSession } from '../session';

/** What the run keeps, drawn. */
export function SavedTool({ session, name, step }: { readonly session: LatentSession; readonly name: string; readonly step: number }) {
  const items = useValue(session.items);
  return (
    <section aria-label={t('Saved')}>
      <h2>{t('Saved')} <span class="unit">{t('kept in the folder of the run')}</span></h2>
      {items.length === 0 ? <p class="unit">{t('Nothing is saved yet. Places, paths, vectors and groups have a button "Save to Run".')}</p>
        : <ul class="groups">{items.map((kept) => <SavedRow key={kept.name} session={session} kept={kept} name={name} step={step} />)}</ul>}
    </section>
  );
}

function SavedRow({ session, kept, name, step }: { readonly session: LatentSession; readonly kept: NamedItem; readonly name: string; readonly step: number }) {
  const { client } = session.store;
  const [drawn, setDrawn] = useState<HostResult<'drawItem'>>();
  useEffect(() => {
    let current = true;
    client.request('drawItem', { item: kept.item, ...session.given(session.state.get().label) }).then((result) => { if (current) setDrawn(result); }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [client, kept, step]);
  const change = (work: () => Promise<HostResult<'items'>>): void => { work().then(({ items }) => { session.items.set(items); }, (error: unknown) => { session.store.fail(error); }); };
  const rename = (next: string): void => {
    change(async () => {
      await client.request('saveItem', { ...kept, name: next });
      return client.request('deleteItem', { name: kept.name });
    });
  };
  const show = (): void => {
    const { item } = kept;
    if (item.kind === 'point') session.state.change({ place: [...item.z], placeOf: undefined, tool: 'place' });
    else if (item.kind === 'path') session.state.change({ stops: item.through.map((z) => ({ z: [...z] })), along: item.along, frames: Math.min(64, item.steps), tool: 'path' });
    else if (item.kind === 'direction') session.state.change({ place: [...item.from], placeOf: undefined, tool: 'place' });
    else session.state.change({ groups: [...session.state.get().groups.filter((group) => group.name !== kept.name), { name: kept.name, split: item.split, indices: [...item.indices] }], tool: 'groups' });
  };
  const kinds = { point: t('place'), path: t('path'), direction: t('vector'), group: t('group') };
  return (
    <li class="group">
      <div class="toolbar">
        <NameField label={t('Name')} value={kept.name} taken={session.items.get().map((item) => item.name)} onName={rename} />
        <span class="unit">{kinds[kept.item.kind]}</span>
        <vscode-button appearance="secondary" aria-label={t('Look at {0}', kept.name)} onClick={show}>{t('Look')}</vscode-button>
        <vscode-button appearance="secondary" aria-label={t('Insert {0} as code', kept.name)} onClick={() => { session.store.ask('insertItem', { item: kept.item }); }}>{t('Insert as Code')}</vscode-button>
        <Export store={session.store} name={`${name}-${kept.name}`} columns={drawn?.columns ?? 1} strip={drawn?.pictures} still={kept.item.kind === 'point' || kept.item.kind === 'group'} />
        <vscode-button appearance="secondary" aria-label={t('Delete {0}', kept.name)} onClick={() => { change(() => client.request('deleteItem', { name: kept.name })); }}>{t('Delete')}</vscode-button>
      </div>
      {drawn && <div class="saved-picture" style={{ maxWidth: `${drawn.columns * 56}px` }}><Pictures strips={[drawn.pictures]} columns={drawn.columns} label={kept.name} /></div>}
    </li>
  );
}

import { useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { LatentItem } from '../../spec/latentItem';
import { fromHost, t } from '../text';
import type { LatentSession } from './session';

interface KeepProps { readonly session: LatentSession; /** What is kept; made when it is asked for. */ item(): LatentItem | undefined; readonly name: string; readonly disabled?: boolean }

/** What was found becomes code at the cursor, or a named item of the run. */
export function Keep({ session, item, name, disabled = false }: KeepProps) {
  const [said, setSaid] = useState('');
  const ask = async (work: (made: LatentItem) => Promise<string>): Promise<void> => {
    const made = item();
    if (!made) return;
    setSaid(await work(made).catch((error: unknown) => fromHost(errorText(error))));
  };
  const insert = (): Promise<void> => ask(async (made) => {
    await session.store.client.request('insertItem', { item: made });
    return t('Inserted as code.');
  });
  const save = (): Promise<void> => ask(async (made) => {
    const taken = new Set(session.items.get().map((kept) => kept.name));
    const free = Array.from({ length: taken.size + 1 }, (_, i) => `${name} ${i + 1}`).find((candidate) => !taken.has(candidate)) ?? name;
    const { items } = await session.store.client.request('saveItem', { name: free, item: made });
    session.items.set(items);
    return t('Saved as "{0}".', free);
  });
  return (
    <>
      <vscode-button appearance="secondary" disabled={disabled} onClick={() => { void insert(); }}>{t('Insert as Code')}</vscode-button>
      <vscode-button appearance="secondary" disabled={disabled} onClick={() => { void save(); }}>{t('Save to Run')}</vscode-button>
      <span class="unit" role="status">{said}</span>
    </>
  );
}

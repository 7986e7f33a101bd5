import { norm } from '../../latent/paths';
import { Pictures } from '../images/Pictures';
import { usePart, useValue } from '../observable';
import { decimal, t } from '../text';
import { Choice } from './Choice';
import { useExamples } from './examples';
import { Keep } from './Keep';
import type { LatentSession } from './session';
import { exampleName } from './words';

/** The place looked at: what the decoder makes of it, the example it is from, and what can be done with it. */
export function Here({ session, runId }: { readonly session: LatentSession; readonly runId: string }) {
  const { place, placeOf, stops, label } = usePart(session.state, 'place', 'placeOf', 'stops', 'label');
  const [decoded, info] = [useValue(session.decoded), useValue(session.info)];
  const [original] = useExamples(session.store.client, runId, placeOf?.split ?? 'test', placeOf ? [placeOf.index] : []);
  const words = placeOf ? exampleName(placeOf.split, placeOf.index) : t('A place');
  return (
    <section class="here" aria-label={t('Place')}>
      <h3>{words} <span class="unit">{t('norm {0}', decimal(norm(place), 2))}</span></h3>
      <div class="here-pictures">
        {decoded && <figure><Pictures strips={[decoded]} columns={1} label={t('{0}, decoded', words)} testId="here" /><figcaption>{t('decoded')}</figcaption></figure>}
        {original && <figure><Pictures strips={[original]} columns={1} label={t('{0}, original', words)} testId="here-original" /><figcaption>{t('original')}</figcaption></figure>}
      </div>
      {info?.conditionClasses && <Choice label={t('decoded as class')} value={String(label)} options={info.conditionClasses.map((name, i) => ({ value: String(i), name }))} onChoose={(chosen) => { session.state.change({ label: Number(chosen) }); }} />}
      <div class="toolbar">
        <vscode-button onClick={() => { session.state.change({ stops: [...stops, { z: place, ...(placeOf ? { example: placeOf } : {}) }], tool: 'path' }); }}>{t('Add to Path')}</vscode-button>
        <Keep session={session} name={t('place')} item={() => ({ kind: 'point', z: place })} />
      </div>
    </section>
  );
}

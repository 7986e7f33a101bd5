import { useMemo } from 'preact/hooks';
import { alongDirection, norm } from '../../../latent/paths';
import { one, part } from '../../../protocol/images';
import { usePart, useValue } from '../../observable';
import { decimal, t } from '../../text';
import { Choice } from '../Choice';
import { Export } from '../Export';
import { Keep } from '../Keep';
import type { LatentSession } from '../session';
import { useDecoded } from '../useDecoded';
import { Frames } from './Frames';
import { sidesOf } from './groupMeans';

const STRENGTHS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];
const REACH = 3;

/** The difference of two groups' means, added to the place looked at (White 2016, "Sampling generative networks"). */
export function AttributeVector({ session, name, step }: { readonly session: LatentSession; readonly name: string; readonly step: number }) {
  const { groups, vector, place } = usePart(session.state, 'groups', 'vector', 'place');
  const encoded = useValue(session.encoded);
  const sides = useMemo(() => sidesOf(encoded, groups), [encoded, groups]);
  const from = sides.find(({ id }) => id === vector.from) ?? sides[0];
  const to = sides.find(({ id }) => id === vector.to) ?? sides[1];
  const direction = useMemo(() => (from && to && from !== to ? to.mean.map((value, d) => value - (from.mean[d] ?? 0)) : undefined), [from, to]);
  const shown = useMemo(() => [...STRENGTHS, vector.strength], [vector.strength]);
  const strip = useDecoded(session, useMemo(() => (direction ? alongDirection(place, direction, shown) : undefined), [place, direction, shown]), step);
  const change = (part: Partial<typeof vector>): void => { session.state.change({ vector: { ...vector, ...part } }); };
  const options = sides.map((side) => ({ value: side.id, name: side.name }));
  const go = (strength: number): void => { if (direction) session.state.change({ place: Array.from(alongDirection(place, direction, [strength])), placeOf: undefined }); };
  const [row, chosen] = useMemo(() => (strip ? [part(strip, 0, STRENGTHS.length), one(strip, STRENGTHS.length)] : []), [strip]);
  return (
    <section aria-label={t('Attribute vector')}>
      <div class="row">
        <h2>{t('Attribute vector')} {direction && <span class="unit">{t('norm {0}', decimal(norm(direction), 2))}</span>}</h2>
        {sides.length > 1 && (
          <div class="toolbar">
            <Choice label={t('from')} value={from?.id ?? ''} options={options} onChoose={(id) => { change({ from: id }); }} />
            <Choice label={t('to')} value={to?.id ?? ''} options={options} onChoose={(id) => { change({ to: id }); }} />
          </div>
        )}
      </div>
      {!direction && <p class="unit">{t('Make a group: the vector leads from one group\'s mean, or from all examples\', to another\'s, and changes the place looked at.')}</p>}
      {direction && (
        <>
          <label class="strength">{t('strength')} <input type="range" min={-REACH} max={REACH} step={0.05} value={vector.strength} onInput={(event) => { change({ strength: Number(event.currentTarget.value) }); }} /> <output>{decimal(vector.strength, 2)}</output></label>
          {chosen && <div class="chosen"><Frames strip={chosen} label={() => t('strength {0}: go there', decimal(vector.strength, 2))} note={() => decimal(vector.strength, 2)} onPick={() => { go(vector.strength); }} testId="attribute" /></div>}
          {row && <Frames strip={row} label={(i) => t('strength {0}: go there', decimal(STRENGTHS[i] ?? 0))} note={(i) => decimal(STRENGTHS[i] ?? 0)} onPick={(i) => { go(STRENGTHS[i] ?? 0); }} testId="attribute-row" />}
          <div class="toolbar">
            <Export store={session.store} name={`${name}-attribute`} columns={STRENGTHS.length} strip={row} />
            <Keep session={session} name={t('vector')} item={() => ({ kind: 'direction', from: place, direction: Array.from(direction), strengths: STRENGTHS })} />
          </div>
        </>
      )}
    </section>
  );
}

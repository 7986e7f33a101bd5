import { useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { Setting } from '../../protocol/settings';
import { checkHyperparameter } from '../../spec/hyperparameters';
import type { Store } from '../store';
import { fromHost, significant, t } from '../text';

/** A number that is written into the model file and taken up from there: the step is built anew, the weights stay. */
export function WarmRow({ store, setting: { name, literal, value, spec }, inFile, disabled }: { readonly store: Store; readonly setting: Setting; /** What the model file has, where it stands there as a number. */ readonly inFile: number | undefined; readonly disabled: boolean }) {
  const [typed, setTyped] = useState<string>();
  const [said, setSaid] = useState<{ readonly text: string; readonly wrong?: boolean }>();
  const apply = async (wanted: number): Promise<void> => {
    const wrong = checkHyperparameter({ [name]: { ...spec } }, name, wanted);
    if (wrong !== undefined) return setSaid({ text: fromHost(wrong), wrong: true });
    setTyped(undefined);
    if (wanted === value) return;
    setSaid({ text: t('Building the changed step') });
    await store.client.request('applyValue', { name: literal, value: wanted }).then(() => { setSaid(undefined); }, (error: unknown) => { setSaid({ text: fromHost(errorText(error)), wrong: true }); });
  };
  return (
    <div class="tuning-row" role="group" aria-label={name}>
      <button type="button" class="tuning-name" title={t('Show in the model file')} onClick={() => { store.ask('showNumber', { name: literal }); }}>{name}</button>
      <input type="text" inputMode="decimal" value={typed ?? String(value)} disabled={disabled} aria-label={t('{0}: value', name)} aria-invalid={said?.wrong === true}
        onInput={(event) => { setTyped(event.currentTarget.value); }} onChange={(event) => { const text = event.currentTarget.value.trim(); void apply(text === '' ? NaN : Number(text)); }} />
      <span class="unit">{t('from {0} to {1}', significant(spec.min), significant(spec.max))}, {t('warm: the step is built anew, weights stay')}</span>
      {inFile !== undefined && inFile !== value && <span class="unit">{t('the file has {0}', significant(inFile, 6))}</span>}
      {said && <span class={said.wrong ? 'tuning-wrong' : 'unit'} role="status">{said.text}</span>}
    </div>
  );
}

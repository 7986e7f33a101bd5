import { useLayoutEffect, useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { Setting } from '../../protocol/settings';
import { checkHyperparameter } from '../../spec/hyperparameters';
import type { Store } from '../store';
import { fromHost, significant, t, whole } from '../text';
import { shareOf, valueAt } from './sliderScale';

const STEPS = 400;

/** A hyperparameter that holds from the next step on when the slider is let go or a number is given. */
export function HotRow({ store, setting: { name, value, spec }, inFile, scheduled, disabled }: { readonly store: Store; readonly setting: Setting; /** What the model file has, where it stands there as a number. */ readonly inFile: number | undefined; /** It follows a schedule, until it is set. */ readonly scheduled: boolean; readonly disabled: boolean }) {
  const [draft, setDraft] = useState<number>();
  /** What stands in the field until it is taken: a run that goes on draws the row anew all the time. */
  const [typed, setTyped] = useState<string>();
  const [said, setSaid] = useState<{ readonly text: string; readonly wrong?: boolean }>();
  const [written, setWritten] = useState<number>();
  useLayoutEffect(() => { setDraft(undefined); }, [value]); // before a hand can move what is drawn
  const set = async (wanted: number): Promise<void> => {
    const wrong = checkHyperparameter({ [name]: { ...spec } }, name, wanted);
    if (wrong !== undefined) {
      setSaid({ text: fromHost(wrong), wrong: true });
      return;
    }
    setTyped(undefined);
    if (wanted === value && !scheduled) return;
    try {
      const { step } = await store.client.request('setHyperparameter', { name, value: wanted });
      setSaid({ text: t('from step {0} on', whole(step)) });
    } catch (error) {
      setDraft(undefined);
      setSaid({ text: fromHost(errorText(error)), wrong: true });
    }
  };
  const write = async (wanted: number): Promise<void> => {
    const { written: isWritten } = await store.client.request('writeValue', { name, value: wanted });
    if (isWritten) setWritten(wanted);
    setSaid(isWritten ? undefined : { text: t('{0} does not stand as a number in the model file. Write one there, and it can be set from here.', name), wrong: true });
  };
  const shown = draft ?? value;
  const differs = inFile !== undefined && inFile !== value && !scheduled;
  const range = spec.minInclusive ? t('from {0} to {1}', significant(spec.min), significant(spec.max)) : t('above {0}, to {1}', significant(spec.min), significant(spec.max));
  return (
    <div class="tuning-row" role="group" aria-label={name}>
      <span class="tuning-name">{name}</span>
      <input type="range" min={0} max={STEPS} step={1} value={Math.round(shareOf(spec, shown) * STEPS)} disabled={disabled} aria-label={t('{0}: slider', name)} aria-valuetext={significant(shown)}
        onInput={(event) => { setTyped(undefined); setDraft(valueAt(spec, Number(event.currentTarget.value) / STEPS)); }} onChange={(event) => { void set(valueAt(spec, Number(event.currentTarget.value) / STEPS)); }} />
      <input type="text" inputMode="decimal" value={typed ?? String(shown)} disabled={disabled} aria-label={t('{0}: value', name)} aria-invalid={said?.wrong === true}
        onInput={(event) => { setTyped(event.currentTarget.value); }} onChange={(event) => { const text = event.currentTarget.value.trim(); void set(text === '' ? NaN : Number(text)); }} />
      <span class="unit">{scheduled ? t('{0}, follows a schedule', range) : range}</span>
      {said && <span class={said.wrong ? 'tuning-wrong' : 'unit'} role="status">{said.text}</span>}
      {differs && <span class="unit">{t('the file has {0}', significant(inFile, 6))}</span>}
      {differs && <vscode-button appearance="secondary" onClick={() => { write(value).catch((error: unknown) => { store.fail(error); }); }}>{t('Write into File')}</vscode-button>}
      {written === value && inFile === value && !said && <span class="unit" role="status">{t('written into the model file')}</span>}
    </div>
  );
}

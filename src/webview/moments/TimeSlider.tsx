import type { Moment } from '../../protocol/moments';
import { t, whole } from '../text';

/** Goes through the steps at which a run was recorded; at its end it follows the newest. */
export function TimeSlider({ moments, at, onStep }: { readonly moments: readonly Moment[]; readonly at: number | undefined; onStep(step: number | undefined): void }) {
  const last = moments.length - 1;
  const index = at === undefined ? last : Math.max(0, moments.findIndex(({ step }) => step === at));
  const step = moments[index]?.step ?? 0;
  const slid = (event: Event): void => {
    if (!(event.currentTarget instanceof HTMLInputElement)) return;
    const wanted = Number(event.currentTarget.value);
    onStep(wanted >= last ? undefined : moments[wanted]?.step);
  };
  return (
    <div class="time">
      <label><span>{t('Time')}</span><input type="range" min={0} max={last} step={1} value={index} aria-valuetext={at === undefined ? t('step {0}, the newest', whole(step)) : t('step {0}', whole(step))} onInput={slid} /></label>
      <output>{at === undefined ? t('step {0}, the newest', whole(step)) : t('step {0}', whole(step))}</output>
      <vscode-button appearance="secondary" disabled={at === undefined} onClick={() => { onStep(undefined); }}>{t('Newest')}</vscode-button>
    </div>
  );
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import { protocolInWords } from '../../protocol/evaluationInWords';
import type { Manifest } from '../../protocol/run';
import type { Use } from '../../protocol/usesApi';
import { Pictures } from '../images/Pictures';
import { Choice } from '../latent/Choice';
import type { Store } from '../store';
import { fromHost, t } from '../text';
import { tryUse, type Answer } from './uses';

const NONE = 'none';
const MOST_CLASSES = 100;

interface UsesProps {
  readonly store: Store;
  readonly manifest: Manifest;
  readonly ready: boolean;
  /** What a command asks for: it is tried at once. */
  readonly asked: Use | undefined;
}

/** What models are used for, tried on held-out examples; training waits meanwhile. */
export function UsesSection({ store, manifest, ready, asked }: UsesProps) {
  const [use, setUse] = useState<Use>('anomalies');
  const [outlier, setOutlier] = useState(NONE);
  const [from, setFrom] = useState('0');
  const [to, setTo] = useState('1');
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<string>();
  const section = useRef<HTMLElement>(null);
  const tries = useRef(0);
  const classes = Array.from({ length: Math.min(MOST_CLASSES, manifest.data?.classes ?? 0) }, (_, i) => ({ value: String(i), name: String(i) }));
  const names: Readonly<Record<Use, string>> = { anomalies: t('Anomalies'), denoise: t('Denoise'), complete: t('Complete'), attribute: t('Move from class to class'), compress: t('Compress') };
  const offered = (Object.keys(names) as Use[]).filter((each) => each !== 'attribute' || each === use || classes.length > 1);

  const choose = (next: Use): void => {
    setUse(next);
    setAnswer(undefined);
    setError(undefined);
  };
  const start = (which: Use): void => {
    const own = ++tries.current;
    const end = (act: () => void): void => {
      if (own !== tries.current) return;
      act();
      setBusy(false);
    };
    setBusy(true);
    setError(undefined);
    tryUse(store.client, which, { outlier: outlier === NONE ? undefined : Number(outlier), from: Number(from), to: Number(to) }, manifest)
      .then((came) => { end(() => { setAnswer(came); }); }, (reason: unknown) => { end(() => { setError(errorText(reason)); }); });
  };
  useEffect(() => {
    const wanted = ready ? store.takeUse() : undefined;
    if (!wanted) return;
    choose(wanted);
    start(wanted);
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [asked, ready]);

  return (
    <section ref={section} aria-label={t('Uses')}>
      <div class="row">
        <h2>{t('Uses')} <span class="unit">{t('tried on held-out examples')}</span></h2>
        <div class="toolbar">
          <Choice<Use> label={t('what')} value={use} options={offered.map((value) => ({ value, name: names[value] }))} onChoose={choose} />
          {use === 'anomalies' && classes.length > 0 && <Choice label={t('outlier class')} value={outlier} options={[{ value: NONE, name: '-' }, ...classes]} onChoose={setOutlier} />}
          {use === 'attribute' && classes.length > 1 && (
            <>
              <Choice label={t('from class')} value={from} options={classes} onChoose={setFrom} />
              <Choice label={t('to class')} value={to} options={classes} onChoose={setTo} />
            </>
          )}
          <vscode-button disabled={!ready || busy} onClick={() => { start(use); }}>{t('Try')}</vscode-button>
        </div>
      </div>
      {busy && <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /></p>}
      {error !== undefined && <p class="empty" role="alert">{fromHost(error)}</p>}
      {answer && !busy && (
        <>
          <p data-testid="use">{answer.words}</p>
          <p class="unit">{protocolInWords(answer.protocol, fromHost)}</p>
          <Pictures strips={answer.strips} columns={answer.columns} label={answer.label} testId="used" />
        </>
      )}
    </section>
  );
}

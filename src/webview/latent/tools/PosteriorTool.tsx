import { useEffect, useMemo, useState } from 'preact/hooks';
import { gaussianBelow } from '../../../latent/statistics';
import { useValue } from '../../observable';
import { decimal, t } from '../../text';
import type { LatentSession } from '../session';
import { useKl } from '../useKl';

const REACH = 4;
const BINS = 40;
const FIRST = 24;
const prior = Array.from({ length: BINS }, (_, bin) => gaussianBelow(-REACH + (bin + 1) * 2 * REACH / BINS) - gaussianBelow(-REACH + bin * 2 * REACH / BINS));

/** Where the data lies in each dimension, the mixture of all posteriors, beside the prior. */
export function PosteriorTool({ session }: { readonly session: LatentSession }) {
  const encoded = useValue(session.encoded);
  const { kl, order, isPoint } = useKl(session);
  const [all, setAll] = useState(false);
  const [shares, setShares] = useState<{ of: string; values: Float32Array }>();
  const shown = useMemo(() => (all ? order : order.slice(0, FIRST)), [order, all]);
  const of = shown.join();
  useEffect(() => {
    if (!encoded) return undefined;
    let current = true;
    session.computer().request('posterior', { dimensions: [...shown], reach: REACH, bins: BINS }).then(({ shares: values }) => { if (current) setShares({ of, values }); }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [encoded, of, session]);
  return (
    <section aria-label={t('Aggregate posterior')}>
      <h2>{t('Aggregate posterior')} <span class="unit">{t('where the data lies in each dimension (bars), beside the prior (line), from -4 to 4')}</span></h2>
      {shares?.of === of ? (
        <div class="posteriors" data-testid="posteriors">
          {shown.map((dimension, i) => <Distribution key={dimension} dimension={dimension} kl={isPoint ? undefined : kl[dimension] ?? 0} shares={shares.values.subarray(i * BINS, (i + 1) * BINS)} />)}
        </div>
      ) : <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {t('Encoding the data')}</p>}
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}

function Distribution({ dimension, kl, shares }: { readonly dimension: number; /** Absent where codes are points. */ readonly kl: number | undefined; readonly shares: Float32Array }) {
  const centre = (bin: number): number => -REACH + (bin + 0.5) * 2 * REACH / BINS;
  const within = shares.reduce((sum, share) => sum + share, 0) || 1;
  const mean = shares.reduce((sum, share, bin) => sum + share * centre(bin), 0) / within;
  const deviation = Math.sqrt(shares.reduce((sum, share, bin) => sum + share * (centre(bin) - mean) ** 2, 0) / within);
  // A dimension that is used for two things stands high above the prior; one that is not used lies on it.
  const top = Math.max(...prior, ...shares) * 1.05;
  const line = prior.map((share, bin) => `${bin + 0.5},${(1 - share / top).toFixed(4)}`).join(' ');
  return (
    <figure>
      <svg role="img" viewBox={`0 0 ${BINS} 1`} preserveAspectRatio="none" aria-label={kl === undefined ? t('z{0}: mean {1}, deviation {2}; what is sampled from has 0 and 1', dimension, decimal(mean, 2), decimal(deviation, 2)) : t('z{0}: KL {1} nats, mean {2}, deviation {3}; the prior has 0 and 1', dimension, decimal(kl, 2), decimal(mean, 2), decimal(deviation, 2))}>
        {Array.from(shares, (share, bin) => <rect key={bin} x={bin + 0.06} width={0.88} y={1 - share / top} height={share / top} />)}
        <polyline points={line} />
      </svg>
      <figcaption><span>z{dimension}</span> <span class="unit">{kl === undefined ? `${decimal(mean, 1)} \u00b1 ${decimal(deviation, 2)}` : t('KL {0}, {1} \u00b1 {2}', decimal(kl, 2), decimal(mean, 1), decimal(deviation, 2))}</span></figcaption>
    </figure>
  );
}

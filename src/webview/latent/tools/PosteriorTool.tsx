import { useEffect, useMemo, useState } from 'preact/hooks';
import { roomyRange } from '../../../latent/prior';
import { useValue } from '../../observable';
import { decimal, t } from '../../text';
import type { LatentSession } from '../session';
import { useKl } from '../useKl';
import { jointWords } from '../words';

const BINS = 40;
const FIRST = 24;
/** So that a box's edges are seen. */
const roomy = ([low, high]: readonly [number, number]): readonly [number, number] => { const room = (high - low) / 20; return [low - room, high + room]; };

/** Where the data lies in each dimension, the mixture of all posteriors, beside the prior. */
export function PosteriorTool({ session }: { readonly session: LatentSession }) {
  const [encoded, prior] = [useValue(session.encoded), useValue(session.prior)];
  const { kl, order, isPoint, isJoint } = useKl(session);
  const range = useMemo(() => roomy(roomyRange(prior)), [prior]);
  const [all, setAll] = useState(false);
  const [shares, setShares] = useState<{ of: string; values: Float32Array; prior: Float32Array; range: readonly [number, number] }>();
  const shown = useMemo(() => (all ? order : order.slice(0, FIRST)), [order, all]);
  const of = shown.join();
  useEffect(() => {
    if (!encoded) return undefined;
    let current = true;
    session.computer().request('posterior', { dimensions: [...shown], range: [...range], bins: BINS, prior }).then(({ shares: values, prior: drawn }) => { if (current) setShares({ of, values, prior: drawn, range }); }, (error: unknown) => { session.store.fail(error); });
    return () => { current = false; };
  }, [encoded, of, session, prior, range]);
  return (
    <section aria-label={t('Aggregate posterior')}>
      <h2>{t('Aggregate posterior')} <span class="unit">{isPoint ? t('where the data lies in each dimension (bars), beside what is sampled from (line), from {0} to {1}', decimal(range[0]), decimal(range[1])) : t('where the data lies in each dimension (bars), beside the prior (line), from {0} to {1}', decimal(range[0]), decimal(range[1]))}</span></h2>
      {isJoint && <p class="unit">{jointWords()}</p>}
      {shares?.of === of ? (
        <div class="posteriors" data-testid="posteriors">
          {shown.map((dimension, i) => <Distribution key={dimension} dimension={dimension} kl={kl?.[dimension]} range={shares.range} shares={shares.values.subarray(i * BINS, (i + 1) * BINS)} prior={shares.prior.subarray(i * BINS, (i + 1) * BINS)} />)}
        </div>
      ) : <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {t('Encoding the data')}</p>}
      {!all && order.length > FIRST && <vscode-button appearance="secondary" onClick={() => { setAll(true); }}>{t('Show all {0} dimensions', order.length)}</vscode-button>}
    </section>
  );
}

/** The middle and the width of what is drawn. */
function momentsOf(shares: Float32Array, [low, high]: readonly [number, number]): readonly [mean: number, deviation: number] {
  const centre = (bin: number): number => low + (bin + 0.5) * (high - low) / BINS;
  const within = shares.reduce((sum, share) => sum + share, 0) || 1;
  const mean = shares.reduce((sum, share, bin) => sum + share * centre(bin), 0) / within;
  return [mean, Math.sqrt(shares.reduce((sum, share, bin) => sum + share * (centre(bin) - mean) ** 2, 0) / within)];
}

interface DistributionProps { readonly dimension: number; /** Absent where there is none of a dimension. */ readonly kl: number | undefined; readonly range: readonly [number, number]; readonly shares: Float32Array; readonly prior: Float32Array }
function Distribution({ dimension, kl, range, shares, prior }: DistributionProps) {
  const [[mean, deviation], [priorMean, priorDeviation]] = [momentsOf(shares, range), momentsOf(prior, range)];
  // A dimension that is used for two things stands high above the prior; one that is not used lies on it.
  const top = Math.max(...prior, ...shares) * 1.05;
  const line = Array.from(prior, (share, bin) => `${bin + 0.5},${(1 - share / top).toFixed(4)}`).join(' ');
  return (
    <figure>
      <svg role="img" viewBox={`0 0 ${BINS} 1`} preserveAspectRatio="none" aria-label={[kl === undefined ? t('z{0}: mean {1}, deviation {2}', dimension, decimal(mean, 2), decimal(deviation, 2)) : t('z{0}: KL {1} nats, mean {2}, deviation {3}', dimension, decimal(kl, 2), decimal(mean, 2), decimal(deviation, 2)), t('the line: mean {0}, deviation {1}', decimal(priorMean, 2), decimal(priorDeviation, 2))].join('; ')}>
        {Array.from(shares, (share, bin) => <rect key={bin} x={bin + 0.06} width={0.88} y={1 - share / top} height={share / top} />)}
        <polyline points={line} />
      </svg>
      <figcaption><span>z{dimension}</span> <span class="unit">{kl === undefined ? `${decimal(mean, 1)} \u00b1 ${decimal(deviation, 2)}` : t('KL {0}, {1} \u00b1 {2}', decimal(kl, 2), decimal(mean, 1), decimal(deviation, 2))}</span></figcaption>
    </figure>
  );
}

import { useMemo } from 'preact/hooks';
import { dimensionsByKl, klOfDimensions } from '../../latent/statistics';
import { useValue } from '../observable';
import type { LatentSession } from './session';

/** KL of each dimension in nats, and the dimensions by it, the most first; as they are numbered where nothing is encoded yet, and where codes are points, which have none. */
export function useKl(session: LatentSession): { readonly kl: Float64Array; readonly order: readonly number[]; readonly isPoint: boolean } {
  const [encoded, info] = [useValue(session.encoded), useValue(session.info)];
  const isPoint = info?.codeIs === 'point';
  return useMemo(() => {
    const kl = encoded && !isPoint ? klOfDimensions(encoded.means, encoded.logVariances, encoded.size) : new Float64Array(session.latentDim);
    return { kl, order: dimensionsByKl(kl), isPoint };
  }, [encoded, session, isPoint]);
}

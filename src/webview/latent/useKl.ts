import { useMemo } from 'preact/hooks';
import { klOf, orderOf } from '../../latent/prior';
import { useValue } from '../observable';
import type { LatentSession } from './session';

/** KL of each dimension in nats, where it is known by dimension, and the dimensions, the one that tells most first; as they are numbered where nothing is encoded yet, and where codes are points. */
export interface KlOfDimensions { readonly kl?: Float64Array | undefined; readonly order: readonly number[]; readonly isPoint: boolean; /** The prior is of all dimensions together: a KL divergence of one does not exist. */ readonly isJoint: boolean }

export function useKl(session: LatentSession): KlOfDimensions {
  const [encoded, info, prior] = [useValue(session.encoded), useValue(session.info), useValue(session.prior)];
  const isPoint = info?.codeIs === 'point';
  return useMemo(() => {
    const kl = encoded && !isPoint ? klOf(prior, encoded.means, encoded.logVariances, encoded.size) : undefined;
    const order = encoded && !isPoint ? orderOf(kl, encoded.means, encoded.size) : Array.from({ length: session.latentDim }, (_, d) => d);
    return { kl, order, isPoint, isJoint: !isPoint && encoded !== undefined && kl === undefined };
  }, [encoded, session, isPoint, prior]);
}

import { principalPlane, project, type Plane } from '../../latent/principal';
import type { MomentPictures } from '../../protocol/moments';
import { decimal, t, whole } from '../text';
import type { Encoded } from './encodedSet';
import type { LatentState } from './state';
import { startComputer, type Computer } from './worker/computer';

/** Encoded examples on a map. */
export interface Projection {
  readonly kind: LatentState['axes'];
  /** [count, 2]; NaN where an example has no place yet. */
  readonly places: Float32Array;
  /** What the map's directions are, in words. */
  readonly words: string;
  readonly plane?: Plane;
  /** Of latent dimensions across and up. */
  readonly dims?: readonly [number, number];
  readonly encoded: Encoded;
  /** As it was recorded: what is decoded now has no place on it. */
  readonly isPast?: boolean;
}

/** UMAP fits so many; the rest is placed by them. */
export const UMAP_FITTED = 2000;

/** Two chosen dimensions as they are. */
export function byDimensions(encoded: Encoded, dims: readonly [number, number]): Projection {
  const places = new Float32Array(encoded.count * 2);
  for (let i = 0; i < encoded.count; i++) {
    places[2 * i] = encoded.means[i * encoded.size + dims[0]] ?? 0;
    places[2 * i + 1] = encoded.means[i * encoded.size + dims[1]] ?? 0;
  }
  return { kind: 'dimensions', places, dims, encoded, words: t('z{0} across, z{1} up', dims[0], dims[1]) };
}

export async function byPrincipal(computer: Computer, encoded: Encoded, like?: Plane): Promise<Projection> {
  const { plane, places } = await computer.request('principal', like ? { like } : {});
  const [first, second] = plane.explained;
  return { kind: 'principal', places, plane, encoded, words: t('The two directions of most variance: {0} % and {1} % of it', decimal(100 * first), decimal(100 * second)) };
}

const umapWords = (encoded: Encoded): string => (encoded.count <= UMAP_FITTED ? t('UMAP of {0} examples, at step {1}', whole(encoded.count), whole(encoded.steps[1]))
  : t('UMAP at step {0}: {1} examples are fitted, the other {2} are placed by them', whole(encoded.steps[1]), whole(UMAP_FITTED), whole(encoded.count - UMAP_FITTED)));

/** In a worker of its own, which ends with it or with the signal; `onPart` gets what there is meanwhile. */
export async function byUmap(encoded: Encoded, signal: AbortSignal, onPart: (part: Projection) => void): Promise<Projection | undefined> {
  const computer = startComputer();
  const ended = new Promise<undefined>((resolve) => { signal.addEventListener('abort', () => { resolve(undefined); }); });
  const words = umapWords(encoded);
  try {
    await computer.request('load', { means: encoded.means, logVariances: new Float32Array(0), size: encoded.size });
    computer.on('embedded', ({ places, stage, done }) => {
      if (places && !signal.aborted) onPart({ kind: 'umap', places, encoded, words: `${words} \u00b7 ${stage === 'fit' ? t('fitting, {0} %', whole(100 * done)) : t('placing, {0} %', whole(100 * done))}` });
    });
    const result = await Promise.race([ended, computer.request('umap', { fitted: UMAP_FITTED })]);
    return result && { kind: 'umap', places: result.places, encoded, words };
  } finally {
    computer.end();
  }
}

/** Where a place of latent space is on a map; undefined where the map has no place for it. */
export function onMap({ plane, dims }: Projection, z: ArrayLike<number>): readonly [number, number] | undefined {
  if (dims) return [z[dims[0]] ?? 0, z[dims[1]] ?? 0];
  if (!plane) return undefined;
  const [x = 0, y = 0] = project(Float32Array.from(z), z.length, plane);
  return [x, y];
}

/** The map as it was recorded at a step: of fewer examples, without their losses. What UMAP made of them then is not kept, so that PCA takes its place. */
export function ofMoment({ step, means, latentDim: size, labels }: MomentPictures, axes: LatentState['axes'], dims: readonly [number, number], like: Plane | undefined): Projection {
  const nothing = new Float32Array(0);
  const encoded: Encoded = { split: 'test', size, steps: [step, step], count: means.length / size, means, logVariances: nothing, reconstruction: nothing, kl: nothing, ...(labels ? { labels: Float32Array.from(labels) } : {}) };
  if (axes === 'dimensions') return { ...byDimensions(encoded, dims), isPast: true };
  const plane = principalPlane(means, size, like);
  const [first, second] = plane.explained;
  return { kind: 'principal', places: project(means, size, plane), plane, encoded, isPast: true, words: t('The two directions of most variance: {0} % and {1} % of it', decimal(100 * first), decimal(100 * second)) };
}

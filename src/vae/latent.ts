import { MAX_DRAWN, MAX_GROUP, pathKinds, type LatentDirection, type LatentGroup, type LatentPath, type LatentPoint, type PathKind } from '../spec/latentItem';

const isPlace = (z: unknown): z is readonly number[] => Array.isArray(z) && z.length > 0 && z.every(Number.isFinite);

/** One place in latent space, [latentDim]. `vae-lab draw RUN NAME --from FILE` decodes it. @throws TypeError */
export function latentPoint(z: readonly number[]): LatentPoint {
  if (!isPlace(z)) throw new TypeError('latentPoint(): give a list of finite numbers.');
  return { kind: 'point', z };
}

/**
 * `steps` places (default 11) on the way through all of `through`, ends included: straight, or on great circles, the norm changing evenly
 * (White 2016, "Sampling generative networks"). @throws TypeError
 */
export function latentPath({ through, steps = 11, along = 'line' }: { through: readonly (readonly number[])[]; steps?: number; along?: PathKind }): LatentPath {
  if (!Array.isArray(through) || through.length < 2 || !through.every((z) => isPlace(z) && z.length === through[0]?.length)) throw new TypeError('latentPath(): through must be two or more lists of numbers of one length.');
  if (!Number.isInteger(steps) || steps < 2 || steps > MAX_DRAWN) throw new TypeError(`latentPath(): steps must be a whole number from 2 to ${MAX_DRAWN}; got ${steps}.`);
  if (!pathKinds.includes(along)) throw new TypeError(`latentPath(): along must be one of ${pathKinds.join(', ')}; got ${String(along)}.`);
  return { kind: 'path', through, steps, along };
}

/** The places `from + strength * direction`: an attribute vector (the difference of two groups' means, say), or one dimension. @throws TypeError */
export function latentDirection({ from, direction, strengths }: { from: readonly number[]; direction: readonly number[]; strengths: readonly number[] }): LatentDirection {
  if (!isPlace(from) || !isPlace(direction) || from.length !== direction.length) throw new TypeError('latentDirection(): from and direction must be lists of numbers of one length.');
  if (!isPlace(strengths) || strengths.length > MAX_DRAWN) throw new TypeError(`latentDirection(): strengths must be 1 to ${MAX_DRAWN} numbers.`);
  return { kind: 'direction', from, direction, strengths };
}

/** Examples of the data by index; drawing it shows them above their reconstructions. @throws TypeError */
export function latentGroup({ split = 'test', indices }: { split?: 'train' | 'test'; indices: readonly number[] }): LatentGroup {
  if (split !== 'train' && split !== 'test') throw new TypeError(`latentGroup(): split must be train or test; got ${String(split)}.`);
  if (!isPlace(indices) || indices.length > MAX_GROUP || !indices.every((index) => Number.isInteger(index) && index >= 0)) throw new TypeError(`latentGroup(): indices must be 1 to ${MAX_GROUP} whole numbers.`);
  return { kind: 'group', split, indices };
}

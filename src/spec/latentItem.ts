/** One place in latent space. */
export interface LatentPoint { readonly kind: 'point'; readonly z: readonly number[] }
export const pathKinds = ['line', 'greatCircle'] as const;
/** How a path goes from one place to the next. */
export type PathKind = (typeof pathKinds)[number];
/** `steps` places on the way through all of `through`, ends included. */
export interface LatentPath { readonly kind: 'path'; readonly through: readonly (readonly number[])[]; readonly steps: number; readonly along: PathKind }
/** `from + strength * direction`, one place a strength: an attribute vector, or one dimension. */
export interface LatentDirection { readonly kind: 'direction'; readonly from: readonly number[]; readonly direction: readonly number[]; readonly strengths: readonly number[] }
/** Examples of the data, by index. */
export interface LatentGroup { readonly kind: 'group'; readonly split: 'train' | 'test'; readonly indices: readonly number[] }
/** Something found in latent space, as data: a model file holds it as code, a run keeps it under a name. */
export type LatentItem = LatentPoint | LatentPath | LatentDirection | LatentGroup;
export type LatentKind = LatentItem['kind'];

/** What each kind is made with in code. */
export const latentFunctions: { readonly [K in LatentKind]: string } = { point: 'latentPoint', path: 'latentPath', direction: 'latentDirection', group: 'latentGroup' };
/** More pictures than this are not drawn at once. */
export const MAX_DRAWN = 1024;
/** As many examples as MNIST has. */
export const MAX_GROUP = 70_000;

import * as z from 'zod';
import { MAX_DRAWN, MAX_GROUP, pathKinds, type LatentItem } from '../spec/latentItem';

export const splitSchema = z.enum(['train', 'test']);
export type Split = z.infer<typeof splitSchema>;
const placeSchema = z.array(z.number()).min(1).max(4096);
const alike = (places: readonly (readonly number[])[]): boolean => places.every((place) => place.length === places[0]?.length);

/** Something found in latent space; comes from a panel, a file of the run, or a model file, and is checked each time. */
export const latentItemSchema: z.ZodType<LatentItem, LatentItem> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), z: placeSchema }),
  z.object({ kind: z.literal('path'), through: z.array(placeSchema).min(2).max(MAX_DRAWN).refine(alike, 'places of different lengths'), steps: z.number().int().min(2).max(MAX_DRAWN), along: z.enum(pathKinds) }),
  z.object({ kind: z.literal('direction'), from: placeSchema, direction: placeSchema, strengths: z.array(z.number()).min(1).max(MAX_DRAWN) }).refine(({ from, direction }) => alike([from, direction]), 'places of different lengths'),
  z.object({ kind: z.literal('group'), split: splitSchema, indices: z.array(z.number().int().nonnegative()).min(1).max(MAX_GROUP) }),
]);

/** An item that a run keeps. */
export const namedItemSchema = z.object({ name: z.string().trim().min(1).max(80), item: latentItemSchema });
export type NamedItem = z.infer<typeof namedItemSchema>;
/** `items.json` of a run directory. */
export const itemsFileSchema = z.object({ schemaVersion: z.literal(1), items: z.array(namedItemSchema) });

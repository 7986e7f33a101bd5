import * as z from 'zod';
import { splitSchema } from '../../protocol/latentItems';
import { pathKinds } from '../../spec/latentItem';
import { Value } from '../observable';
import type { Store } from '../store';

export const tools = ['place', 'path', 'groups', 'traversals', 'manifold', 'posterior', 'saved'] as const;
export type Tool = (typeof tools)[number];
export const axesKinds = ['principal', 'umap', 'dimensions'] as const;
const dimension = z.number().int().nonnegative();
const place = z.array(z.number()).min(1);

const stopSchema = z.object({ z: place, /** Where it is from, where that is an example. */ example: z.object({ split: splitSchema, index: z.number().int().nonnegative() }).optional() });
export type Stop = z.infer<typeof stopSchema>;
const groupSchema = z.object({ name: z.string(), split: splitSchema, indices: z.array(z.number().int().nonnegative()) });
export type Group = z.infer<typeof groupSchema>;

/** What the latent tab shows; kept by the editor over closing and reopening, and so checked when it comes back. */
const stateSchema = z.object({
  tool: z.enum(tools), split: splitSchema, count: z.number().int().positive(),
  axes: z.enum(axesKinds), dims: z.tuple([dimension, dimension]), colour: z.string(),
  /** Middle of the map, and pixels a unit; absent: all of it is seen. */
  view: z.object({ x: z.number(), y: z.number(), scale: z.number().positive() }).optional(),
  place, placeOf: stopSchema.shape.example, padDims: z.tuple([dimension, dimension]),
  stops: z.array(stopSchema), along: z.enum([...pathKinds, 'data']), frames: z.number().int().min(2).max(64),
  groups: z.array(groupSchema), vector: z.object({ from: z.string(), to: z.string(), strength: z.number() }),
  manifold: z.object({ plane: z.enum(['dimensions', 'principal']), dims: z.tuple([dimension, dimension]), side: z.number().int().min(2).max(32) }),
  /** The class that is decoded, where the model is conditional. */
  label: dimension.default(0),
});
export type LatentState = z.infer<typeof stateSchema>;

const fresh = (latentDim: number): LatentState => {
  const dims: [number, number] = [0, Math.min(1, latentDim - 1)];
  return {
    tool: 'place', split: 'test', count: 1000, axes: 'principal', dims, colour: 'label', place: Array.from({ length: latentDim }, () => 0), placeOf: undefined, padDims: dims,
    stops: [], along: 'line', frames: 11, groups: [], vector: { from: '', to: '', strength: 1 }, manifold: { plane: 'dimensions', dims, side: 15 }, label: 0,
  };
};

/** What was kept, where it fits a model of this size. */
export function readState(kept: unknown, latentDim: number): LatentState {
  const read = stateSchema.safeParse(kept);
  if (!read.success) return fresh(latentDim);
  const { place: at, stops, dims, padDims, manifold } = read.data;
  const fits = [at, ...stops.map((stop) => stop.z)].every((values) => values.length === latentDim) && [...dims, ...padDims, ...manifold.dims].every((dim) => dim < latentDim);
  return fits ? read.data : fresh(latentDim);
}

/** A state is kept when it has not changed for so long: a hand that drags changes it many times a second. */
const KEEP_AFTER_MS = 150;

/** The state of the latent tab; what it comes to rest at is kept. */
export class KeptLatentState extends Value<LatentState> {
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store, latentDim: number) {
    super(readState(store.kept['latent'], latentDim));
    this.subscribe((state) => {
      store.kept = { ...store.kept, latent: state };
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => { this.#keep(); }, KEEP_AFTER_MS);
    });
    addEventListener('pagehide', () => { if (this.#timer !== undefined) this.#keep(); });
  }
  change(part: Partial<LatentState>): void { this.set({ ...this.get(), ...part }); }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.store.client.request('keepState', { part: 'latent', state: this.get() }).catch(() => undefined); // a panel that closes has no one to keep it
  }
}

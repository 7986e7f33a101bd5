import { errorText } from '../../protocol/errorText';
import type { ImageStrip } from '../../protocol/images';
import type { MomentPictures } from '../../protocol/moments';
import type { NamedItem, Split } from '../../protocol/latentItems';
import { Value } from '../observable';
import type { PriorShape } from '../../latent/prior';
import type { Store } from '../store';
import { latestOnly } from './latestOnly';
import { mostOf, pullEncoded, type DataInfo, type Encoded } from './encodedSet';
import { byDimensions, byPrincipal, byUmap, ofMoment, type Projection } from './projection';
import { KeptLatentState, type LatentState, type Stop } from './state';
import { startComputer, type Computer } from './worker/computer';

/** A live run's data is encoded anew when training has had so many times as long to itself. */
const REST = 9;

/** The latent space of one run as its tab shows it: what is encoded, where it lies on the map, the place looked at. It outlives the tab being left. */
export class LatentSession {
  readonly state: KeptLatentState;
  /** As of the encoded data. */
  readonly prior = new Value<PriorShape>({ kind: 'normal' });
  readonly info = new Value<DataInfo | undefined>(undefined);
  readonly encoded = new Value<Encoded | undefined>(undefined);
  readonly projection = new Value<Projection | undefined>(undefined);
  /** Examples encoded so far, of how many; undefined when nothing is. */
  readonly pulling = new Value<{ readonly done: number; readonly of: number } | undefined>(undefined);
  readonly error = new Value<string | undefined>(undefined);
  readonly decoded = new Value<ImageStrip | undefined>(undefined);
  /** The path looked at, [frames, latentDim]. */
  readonly path = new Value<Float32Array | undefined>(undefined);
  readonly items = new Value<readonly NamedItem[]>([]);
  readonly #decode: (z: readonly number[]) => void;
  #computer: Computer | undefined;
  #loaded: Encoded | undefined;
  #step = 0;
  #live = false;
  #pull: AbortController | undefined;
  #pulledAt = -Infinity;
  #pullTook = 0;
  #map: AbortController | undefined;
  #past: MomentPictures | undefined;

  constructor(readonly store: Store, readonly latentDim: number) {
    this.state = new KeptLatentState(store, latentDim);
    this.#decode = latestOnly(async (z: readonly number[]) => {
      try {
        this.decoded.set(await store.client.request('decode', { z: Float32Array.from(z), ...this.given(this.state.get().label) }));
      } catch (error) {
        store.fail(error);
      }
    });
    let before = this.state.get();
    this.state.subscribe((state) => {
      const last = before;
      before = state;
      if (state.place !== last.place || state.label !== last.label) this.#decode(state.place);
      if (state.split !== last.split || state.count !== last.count) void this.#refresh(true);
      else if (state.axes !== last.axes || (state.axes === 'dimensions' && state.dims.join() !== last.dims.join())) void this.#project();
    });
    void this.#begin();
  }

  /** The run is at this step now. */
  follow(step: number, live: boolean): void {
    const moved = step !== this.#step;
    this.#step = step;
    this.#live = live;
    if (moved) this.#decodeQuietly();
    const due = !live || performance.now() - this.#pulledAt > REST * this.#pullTook;
    if (this.info.get() && !this.#pull && due && (this.encoded.get()?.steps[1] ?? -1) < step) void this.#refresh(false);
  }
  get step(): number { return this.#step; }

  /** Answers about the encoded data, computed beside the page. */
  computer(): Computer {
    this.#computer ??= startComputer();
    const encoded = this.encoded.get();
    if (encoded && this.#loaded !== encoded) {
      this.#loaded = encoded;
      void this.#computer.request('load', { means: encoded.means, logVariances: encoded.logVariances, size: encoded.size });
    }
    return this.#computer;
  }

  /** The map is fitted anew, where it does not follow by itself. */
  mapAgain(): void { void this.#project(true); }
  /** The map is as it was recorded at a step; undefined: as it is now. */
  lookBack(moment: MomentPictures | undefined): void {
    if (moment === this.#past) return;
    this.#past = moment;
    void this.#project();
  }

  /** An example is the place looked at. */
  goTo(split: Split, index: number): void {
    const encoded = this.encoded.get();
    if (encoded?.split === split && index < encoded.count) this.state.change({ place: this.meanOf(index), placeOf: { split, index }, ...(encoded.labels ? { label: encoded.labels[index] ?? 0 } : {}) });
  }
  meanOf(index: number): number[] {
    const encoded = this.encoded.get();
    return Array.from(encoded?.means.subarray(index * encoded.size, (index + 1) * encoded.size) ?? []);
  }

  /** The class that a conditional model's decoder is given; others are given none. */
  given(label: number): { readonly label?: number } { return this.info.get()?.conditionClasses ? { label } : {}; }

  end(): void {
    this.#pull?.abort();
    this.#map?.abort();
    this.#computer?.end();
    this.#computer = undefined;
  }

  async #begin(): Promise<void> {
    try {
      const { client } = this.store;
      const info = await client.request('describeData', {});
      if (info.codeIs !== 'point') this.prior.set(await client.request('describePrior', {}));
      this.info.set(info);
      this.#decode(this.state.get().place);
      void client.request('items', {}).then(({ items }) => { this.items.set(items); }, (error: unknown) => { this.store.fail(error); });
      await this.#refresh(true);
    } catch (error) {
      this.error.set(errorText(error));
    }
  }

  #decodeQuietly(): void {
    const { place, label } = this.state.get();
    void this.store.client.request('decode', { z: Float32Array.from(place), quiet: true, ...this.given(label) }).then((strip) => { if (this.state.get().place === place) this.decoded.set(strip); }, () => undefined); // what a hand asks for says what is wrong
  }

  async #refresh(anew: boolean): Promise<void> {
    const info = this.info.get();
    if (!info) return;
    this.#pull?.abort();
    const pull = new AbortController();
    this.#pull = pull;
    const { split, count } = this.state.get();
    const wanted = Math.min(count, mostOf(info, split, this.latentDim));
    const began = performance.now();
    const first = anew && this.encoded.get()?.split !== split;
    try {
      const encoded = await pullEncoded(this.store.client, {
        split, count: wanted, size: this.latentDim, live: this.#live, signal: pull.signal,
        onPart: (part) => { if (first) this.#show(part); }, // else what is shown stays until all is there
        onProgress: (done) => { if (!pull.signal.aborted) this.pulling.set({ done, of: wanted }); },
      });
      if (!encoded) return;
      if (this.info.get()?.codeIs !== 'point') this.prior.set(await this.store.client.request('describePrior', {}));
      if (pull.signal.aborted) return;
      this.error.set(undefined);
      this.#show(encoded);
    } catch (error) {
      if (!pull.signal.aborted) this.error.set(errorText(error));
    } finally {
      if (this.#pull === pull) {
        this.#pull = undefined;
        this.#pullTook = performance.now() - began;
        this.#pulledAt = performance.now();
        this.pulling.set(undefined);
      }
    }
  }

  #show(encoded: Encoded): void {
    const first = this.encoded.get() === undefined;
    this.encoded.set(encoded);
    const { place, placeOf } = this.state.get();
    if (first && !placeOf && encoded.count > 0 && place.every((value) => value === 0)) this.goTo(encoded.split, 0); // nothing was looked at yet
    this.#followExamples(encoded);
    void this.#project();
  }
  /** What is of an example is where the model has it now: its newest weights decode it. */
  #followExamples({ split, count }: Encoded): void {
    const { place, placeOf, stops } = this.state.get();
    const codeOf = (example: Stop['example'], z: number[]): number[] => (example?.split === split && example.index < count ? this.meanOf(example.index) : z);
    const [now, path] = [codeOf(placeOf, place), stops.map((stop) => ({ ...stop, z: codeOf(stop.example, stop.z) }))];
    const differs = (a: readonly number[], b: readonly number[]): boolean => a.some((value, axis) => value !== b[axis]);
    if (differs(now, place) || path.some(({ z }, i) => differs(z, stops[i]?.z ?? []))) this.state.change({ place: now, stops: path });
  }

  async #project(again = false): Promise<void> {
    const encoded = this.encoded.get();
    if (!encoded) return;
    const { axes, dims } = this.state.get();
    const shown = this.projection.get();
    if (this.#past) {
      this.#map?.abort();
      this.projection.set(ofMoment(this.#past, axes, dims, shown?.plane));
      return;
    }
    // A map by UMAP takes long, and would be another one each time: it stays, until it is asked for anew or shows other examples.
    if (!again && axes === 'umap' && shown?.kind === 'umap' && !shown.isPast && shown.encoded.split === encoded.split && shown.encoded.count === encoded.count) return;
    this.#map?.abort();
    const map = new AbortController();
    this.#map = map;
    try {
      const made = await this.#mapOf(axes, dims, encoded, map.signal);
      if (made && !map.signal.aborted) this.projection.set(made);
    } catch (error) {
      if (!map.signal.aborted) this.store.fail(error);
    }
  }

  #mapOf(axes: LatentState['axes'], dims: LatentState['dims'], encoded: Encoded, signal: AbortSignal): Promise<Projection | undefined> {
    switch (axes) {
      case 'dimensions': return Promise.resolve(byDimensions(encoded, dims));
      case 'principal': return byPrincipal(this.computer(), encoded, this.projection.get()?.plane);
      case 'umap': return byUmap(encoded, signal, (part) => { if (!signal.aborted) this.projection.set(part); });
    }
  }
}

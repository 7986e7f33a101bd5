import type { ImageStrip } from '../../protocol/images';
import type { OpenRun } from '../training/openRun';
import { latentUse, shapeOf, type LatentUse } from './latentUse';
import { Seldom } from './seldom';

export const STRIP_COUNT = 16;
/** Enough that the figures are steady, few enough that a step does not feel it. */
const ENCODED = 128;
export const FIRST_SEED = 1;

/** What the code shows of one run. Its host is asked only for what it does not tell anyway, and only while it is there. */
export class Glimpse {
  #seed: number | undefined;
  #drawn: { readonly seed: number; readonly step: number; readonly strip: ImageStrip } | undefined;
  readonly #inCode = new Seldom<ImageStrip>();
  #use: { readonly step: number; readonly use: LatentUse } | undefined;

  constructor(readonly run: OpenRun) {}

  /** Of the draws that are shown: those of every time, or others that were asked for. */
  get seed(): number { return this.#seed ?? this.fixedSeed; }
  get fixedSeed(): number { return this.run.manifest.samplesSeed ?? FIRST_SEED; }
  get strip(): ImageStrip | undefined { return this.#drawn?.seed === this.seed ? this.#drawn.strip : this.run.snapshot.images?.samples; }
  /** The same for the end of a line, where not every picture can be shown: each as soon as a person or the run did something. */
  get stripInCode(): ImageStrip | undefined {
    const { strip, seed, run: { manifest: { state, changes }, snapshot: { marks } } } = this;
    return strip && this.#inCode.of([state.kind, changes?.length, marks.length, seed].join(), strip);
  }
  /** Codes that are points have no KL divergence. */
  get hasKl(): boolean { return this.run.manifest.prior.kl !== 'none'; }
  get use(): LatentUse | undefined { return this.#use?.use; }
  /** Of all dimensions together, as training told it last. */
  get jointKl(): number | undefined { return this.run.point?.parts['kl']; }

  /** So many held-out examples its use of the latent space is measured over; undefined where an old run does not tell how many there are. */
  get encoded(): number | undefined { return this.run.manifest.testCount > 0 ? Math.min(ENCODED, this.run.manifest.testCount) : undefined; }

  /** Other draws from the prior, from now on. */
  async drawAgain(seed: number): Promise<void> {
    this.#seed = seed;
    await this.#draw();
  }
  /** These draws are the ones of every time: in the panel too, and from now on. */
  async fix(): Promise<void> {
    const { seed } = this;
    await (await this.run.host()).request('fixSamples', { seed });
    this.#seed = undefined;
  }

  /** Brings up to the run's step what the host has to be asked for. Resolves to whether something changed. */
  async refresh(latent: boolean): Promise<boolean> {
    if (!this.run.connected || this.run.manifest.state.kind === 'preparing') return false;
    const step = this.run.manifest.lastStep;
    let changed = false;
    if (this.seed !== this.fixedSeed && (this.#drawn?.seed !== this.seed || this.#drawn.step !== step)) {
      await this.#draw();
      changed = true;
    }
    if (latent && this.hasKl && this.#use?.step !== step) {
      await this.measure();
      changed = true;
    }
    return changed;
  }

  /** How the latent space is used now; starts a host where there is none. */
  async measure(): Promise<LatentUse> {
    const { lastStep: step, latentDim } = this.run.manifest;
    if (this.#use?.step === step) return this.#use.use;
    const indices = Array.from({ length: this.encoded ?? 1 }, (_, i) => i);
    const { means, logVariances } = await (await this.run.host()).request('encode', { indices });
    const use = latentUse(means, logVariances, latentDim || means.length / indices.length, shapeOf(this.run.manifest.prior));
    this.#use = { step, use };
    return use;
  }

  async #draw(): Promise<void> {
    const [{ seed }, step] = [this, this.run.manifest.lastStep];
    const strip = await (await this.run.host()).request('sample', { count: STRIP_COUNT, seed });
    this.#drawn = { seed, step, strip };
  }
}

/** One a run, made when it is first looked at. */
export class Glimpses {
  readonly #byRun = new Map<string, Glimpse>();
  constructor(private readonly isOpen: (run: OpenRun) => boolean) {}

  of(run: OpenRun): Glimpse {
    const known = this.#byRun.get(run.id);
    if (known?.run === run) return known;
    const made = new Glimpse(run);
    for (const [id, { run: old }] of this.#byRun) if (!this.isOpen(old)) this.#byRun.delete(id);
    this.#byRun.set(run.id, made);
    return made;
  }
}

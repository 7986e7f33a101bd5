import { setTimeout } from 'node:timers/promises';
import type { RunImages, Speed } from '../protocol/hostApi';
import type { MetricPoint } from '../protocol/run';
import type { RunDirectory } from '../runs/runDirectory';
import type { HostServer } from './server';
import type { Views } from './views';

const CURVES_EVERY_MS = 100;
const PICTURES_EVERY_MS = 1000;
/** While a person waits, as a hand that drags through the latent space does or who opens a panel, what they wait for comes first: pictures and curves wait too, but not longer than this. */
const AT_LEAST_MS = 5000;
/** And training stands back after each step, until nobody waits any more, but not longer than this: all cores are the step's otherwise. So few steps fall into a drag that they are not felt in it, and the run still goes on. */
const PAUSE_MS = 500;

/** When a live run's curves and pictures are shown to who watches. */
export class Showing {
  #images: RunImages | undefined;
  #speed: Speed | undefined;
  #imagesAt = 0;
  #curvesAt = 0;
  #givesWayUntil = -Infinity;

  constructor(private readonly server: Pick<HostServer, 'broadcast' | 'connections'>, private readonly directory: Pick<RunDirectory, 'writeImages'>, private readonly clock = { now: () => performance.now(), wait: async (ms: number): Promise<void> => { await setTimeout(ms); } }) {}

  /** The newest pictures, and how fast the run goes. */
  get told(): { readonly images?: RunImages; readonly speed?: Speed } { return { ...(this.#images ? { images: this.#images } : {}), ...(this.#speed ? { speed: this.#speed } : {}) }; }
  get areCurvesDue(): boolean { return this.clock.now() - this.#curvesAt >= (this.#givesWay ? AT_LEAST_MS : CURVES_EVERY_MS); }

  /** Tells points of the curves, and how fast it goes with so many steps in all. */
  curves(points: readonly MetricPoint[], totalSteps: number): void {
    const last = points.at(-1);
    if (!last) return;
    this.#curvesAt = this.clock.now();
    const stepsPerSecond = last.seconds > 0 ? last.step / last.seconds : 0;
    this.#speed = { stepsPerSecond, ...(stepsPerSecond > 0 ? { secondsLeft: (totalSteps - last.step) / stepsPerSecond } : {}) };
    this.server.broadcast('metrics', { points: [...points], speed: this.#speed });
  }

  /** A person waits: for so long from now that comes first. The last word holds. */
  giveWay(ms: number): void { this.#givesWayUntil = this.clock.now() + ms; }
  get #givesWay(): boolean { return this.clock.now() < this.#givesWayUntil; }
  /** To be called after each step; says whether a person waits, for whom other work is put off too. */
  async standBack(): Promise<boolean> {
    const goesOnAt = this.clock.now() + PAUSE_MS;
    for (let now = goesOnAt - PAUSE_MS; this.#givesWay && now < goesOnAt; now = this.clock.now()) await this.clock.wait(Math.min(goesOnAt, this.#givesWayUntil) - now);
    return this.#givesWay;
  }

  /** Makes new pictures and tells them, where it is time and somebody watches; `always`: in any case, and they are kept in the run directory. */
  async pictures(views: Views, step: number, seed: number | undefined, always: boolean): Promise<void> {
    const age = this.clock.now() - this.#imagesAt;
    if (!always && (age < PICTURES_EVERY_MS || (this.#givesWay && age < AT_LEAST_MS) || this.server.connections === 0)) return;
    this.#images = await views.images(step, seed);
    this.#imagesAt = this.clock.now();
    this.server.broadcast('images', this.#images);
    if (always) await this.directory.writeImages(this.#images);
  }

  forget(): void { this.#images = undefined; }
}

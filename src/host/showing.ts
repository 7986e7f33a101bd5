import { setTimeout } from 'node:timers/promises';
import type { RunImages, Speed } from '../protocol/hostApi';
import type { MetricPoint } from '../protocol/run';
import type { RunDirectory } from '../runs/runDirectory';
import type { HostServer } from './server';
import type { Views } from './views';

const CURVES_EVERY_MS = 100;
const PICTURES_EVERY_MS = 1000;
/** While a person drags through the latent space, what they drag comes first: pictures and curves wait until the hand rests, but not longer than this. */
const DRAG_REST_MS = 300;
const AT_LEAST_MS = 5000;
/** And training stands back after each step, for some frames in which pictures are drawn: all cores are the step's otherwise. So few steps fall into a drag that they are not felt in it, and the run still goes on. */
const DRAG_PAUSE_MS = 100;

/** When a live run's curves and pictures are shown to who watches. */
export class Showing {
  #images: RunImages | undefined;
  #speed: Speed | undefined;
  #imagesAt = 0;
  #curvesAt = 0;
  #draggedAt = -Infinity;

  constructor(private readonly server: HostServer, private readonly directory: RunDirectory) {}

  /** The newest pictures, and how fast the run goes. */
  get told(): { readonly images?: RunImages; readonly speed?: Speed } { return { ...(this.#images ? { images: this.#images } : {}), ...(this.#speed ? { speed: this.#speed } : {}) }; }
  get areCurvesDue(): boolean { return performance.now() - this.#curvesAt >= (this.#isDragged ? AT_LEAST_MS : CURVES_EVERY_MS); }

  /** Tells points of the curves, and how fast it goes with so many steps in all. */
  curves(points: readonly MetricPoint[], totalSteps: number): void {
    const last = points.at(-1);
    if (!last) return;
    this.#curvesAt = performance.now();
    const stepsPerSecond = last.seconds > 0 ? last.step / last.seconds : 0;
    this.#speed = { stepsPerSecond, ...(stepsPerSecond > 0 ? { secondsLeft: (totalSteps - last.step) / stepsPerSecond } : {}) };
    this.server.broadcast('metrics', { points: [...points], speed: this.#speed });
  }

  /** A person drags: what that decodes comes first. */
  dragged(): void { this.#draggedAt = performance.now(); }
  get #isDragged(): boolean { return performance.now() - this.#draggedAt < DRAG_REST_MS; }
  /** To be called after each step; says whether a person drags, for whom other work is put off too. */
  async standBack(): Promise<boolean> {
    if (this.#isDragged) await setTimeout(DRAG_PAUSE_MS);
    return this.#isDragged;
  }

  /** Makes new pictures and tells them, where it is time and somebody watches; `always`: in any case, and they are kept in the run directory. */
  async pictures(views: Views, step: number, seed: number | undefined, always: boolean): Promise<void> {
    const age = performance.now() - this.#imagesAt;
    if (!always && (age < PICTURES_EVERY_MS || (this.#isDragged && age < AT_LEAST_MS) || this.server.connections === 0)) return;
    this.#images = await views.images(step, seed);
    this.#imagesAt = performance.now();
    this.server.broadcast('images', this.#images);
    if (always) await this.directory.writeImages(this.#images);
  }

  forget(): void { this.#images = undefined; }
}

import { toScreen, type Camera, type Size } from './camera';
import { diameterOf, type PointLayer } from './pointLayer';

/** Points without WebGL: as squares, one after another. */
export class FlatLayer implements PointLayer {
  #places = new Float32Array(0);
  #colours = new Uint8Array(0);
  constructor(private readonly canvas: HTMLCanvasElement) {}

  setPlaces(places: Float32Array): void { this.#places = Float32Array.from(places); }
  setColours(colours: Uint8Array): void { this.#colours = Uint8Array.from(colours); }

  draw(camera: Camera, size: Size, pixelRatio: number): void {
    const context = this.canvas.getContext('2d');
    if (!context) return;
    context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    const side = diameterOf(this.#places.length / 2);
    for (let i = 0; i < this.#places.length / 2; i++) {
      const [x, y] = toScreen(camera, size, [this.#places[2 * i] ?? NaN, this.#places[2 * i + 1] ?? NaN]);
      if (!(x > -side && y > -side && x < size.width + side && y < size.height + side)) continue;
      const [red = 0, green = 0, blue = 0, opacity = 0] = this.#colours.subarray(4 * i, 4 * i + 4);
      context.fillStyle = `rgba(${red},${green},${blue},${opacity / 255})`;
      context.fillRect(x - side / 2, y - side / 2, side, side);
    }
  }
  dispose(): void { /* the canvas keeps nothing of this */ }
}

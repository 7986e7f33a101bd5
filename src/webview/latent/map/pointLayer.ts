import type { Camera, Size } from './camera';
import { FlatLayer } from './flatLayer';
import { GlLayer } from './glLayer';

/** Draws points on a canvas; nothing is computed a point when only the camera moves. */
export interface PointLayer {
  /** [n, 2]; points without a place are left out. */
  setPlaces(places: Float32Array): void;
  /** [n, 4], red, green, blue, opacity. */
  setColours(colours: Uint8Array): void;
  draw(camera: Camera, size: Size, pixelRatio: number): void;
  dispose(): void;
}

/** Diameter in pixels: the fewer, the larger. */
export const diameterOf = (count: number): number => (count <= 500 ? 7 : count <= 5000 ? 5 : count <= 20_000 ? 3.5 : 2.5);

/** By WebGL; where there is none, slower. */
export function createPointLayer(canvas: HTMLCanvasElement): PointLayer {
  const gl = canvas.getContext('webgl2', { antialias: false, premultipliedAlpha: true });
  return gl ? new GlLayer(gl) : new FlatLayer(canvas);
}

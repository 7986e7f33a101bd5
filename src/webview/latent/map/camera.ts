/** What of a map is seen: its middle, and pixels a unit. Up is more. */
export interface Camera { readonly x: number; readonly y: number; readonly scale: number }
export interface Size { readonly width: number; readonly height: number }

const MARGIN = 0.9;
const [SMALLEST, LARGEST] = [1e-3, 1e6];
/** Examples this far out do not make the others small. */
const OUT = 0.002;

export const toScreen = ({ x, y, scale }: Camera, { width, height }: Size, at: readonly [number, number]): [number, number] => [width / 2 + (at[0] - x) * scale, height / 2 - (at[1] - y) * scale];
export const toMap = ({ x, y, scale }: Camera, { width, height }: Size, at: readonly [number, number]): [number, number] => [x + (at[0] - width / 2) / scale, y - (at[1] - height / 2) / scale];

export const moved = (camera: Camera, dx: number, dy: number): Camera => ({ ...camera, x: camera.x - dx / camera.scale, y: camera.y + dy / camera.scale });
/** Nearer by a factor; what is at `at` on the screen stays there. */
export function zoomed(camera: Camera, size: Size, at: readonly [number, number], factor: number): Camera {
  const scale = Math.min(LARGEST, Math.max(SMALLEST, camera.scale * factor));
  const [x, y] = toMap(camera, size, at);
  return { scale, x: x - (x - camera.x) * camera.scale / scale, y: y - (y - camera.y) * camera.scale / scale };
}

/** All places [n, 2] seen, but for the farthest few. */
export function cameraOn(places: Float32Array, { width, height }: Size): Camera {
  const range = (axis: 0 | 1): [number, number] => {
    const values = places.filter((value, i) => i % 2 === axis && Number.isFinite(value)).sort();
    const out = Math.floor(values.length * OUT);
    return [values[out] ?? -1, values[values.length - 1 - out] ?? 1];
  };
  const [[left, right], [bottom, top]] = [range(0), range(1)];
  const scale = MARGIN * Math.min(width / Math.max(1e-6, right - left), height / Math.max(1e-6, top - bottom));
  return { x: (left + right) / 2, y: (bottom + top) / 2, scale: Math.min(LARGEST, Math.max(SMALLEST, Number.isFinite(scale) ? scale : 1)) };
}

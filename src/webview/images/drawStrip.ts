import type { ImageStrip } from '../../protocol/images';

/** Draws pictures from bytes, `columns` a row, one device pixel a pixel; CSS scales it. */
export function drawStrips(canvas: HTMLCanvasElement, strips: readonly ImageStrip[], columns: number): void {
  const [first] = strips;
  if (!first) return;
  const rows = strips.reduce((sum, { count }) => sum + Math.ceil(count / columns), 0);
  const [width, height] = [columns * first.width, rows * first.height];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return;
  const image = context.createImageData(width, height);
  let row = 0;
  for (const strip of strips) {
    for (let i = 0; i < strip.count; i++) drawOne(image, strip, i, (i % columns) * first.width, (row + Math.floor(i / columns)) * first.height);
    row += Math.ceil(strip.count / columns);
  }
  context.putImageData(image, 0, 0);
}

function drawOne({ data, width: stride }: ImageData, { width, height, channels, pixels }: ImageStrip, index: number, left: number, top: number): void {
  let from = index * height * width * channels;
  for (let y = 0; y < height; y++) {
    let to = ((top + y) * stride + left) * 4;
    for (let x = 0; x < width; x++, from += channels, to += 4) {
      data[to] = pixels[from] ?? 0;
      data[to + 1] = pixels[channels === 3 ? from + 1 : from] ?? 0;
      data[to + 2] = pixels[channels === 3 ? from + 2 : from] ?? 0;
      data[to + 3] = 255;
    }
  }
}

const [MARGIN, TITLE, FONT] = [12, 26, 13] as const;
export interface Key { readonly text: string; readonly colour: string }

/** A drawing with its title and what its colours mean, on the editor's ground: what a slide or a paper needs. */
export function withTitle(drawing: HTMLCanvasElement, title: string, keys: readonly Key[], scale = devicePixelRatio): HTMLCanvasElement {
  const style = getComputedStyle(document.body);
  const read = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [drawing.width + 2 * MARGIN * scale, drawing.height + (2 * MARGIN + TITLE) * scale];
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  context.fillStyle = read('--vscode-editor-background', style.backgroundColor);
  context.fillRect(0, 0, canvas.width, canvas.height);
  const text = read('--vscode-foreground', '#888888');
  const family = read('--vscode-font-family', 'sans-serif');
  const baseline = (MARGIN + FONT) * scale;
  context.fillStyle = text;
  context.font = `600 ${FONT * scale}px ${family}`;
  context.fillText(title, MARGIN * scale, baseline);
  let x = MARGIN * scale + context.measureText(title).width + 18 * scale;
  context.font = `${FONT * scale}px ${family}`;
  for (const key of keys) {
    context.fillStyle = key.colour;
    context.fillRect(x, baseline - 6 * scale, 12 * scale, 3 * scale);
    context.fillStyle = text;
    context.fillText(key.text, x + 17 * scale, baseline);
    x += context.measureText(key.text).width + 34 * scale;
  }
  context.drawImage(drawing, MARGIN * scale, (MARGIN + TITLE) * scale);
  return canvas;
}

/** @throws Error when the browser makes none. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => { canvas.toBlob((blob) => { if (blob) resolve(blob); else reject(new Error('The picture could not be made.')); }, 'image/png'); });
}

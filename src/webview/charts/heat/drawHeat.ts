import type { Range } from '../../../protocol/alongAxis';
import { themeColours } from '../theme';
import { shareOf, type Cell, type HeatData } from './heatData';
import { rampColour } from './ramp';

/** CSS pixels left of and below the cells, for what they are called. */
export const [LABELS, AXIS] = [92, 20] as const;
const [FONT, LABEL_HEIGHT] = [11, 12] as const;

interface Drawn {
  readonly data: HeatData; readonly edges: readonly number[]; readonly extent: Range | undefined; readonly logarithmic: boolean;
  readonly width: number; readonly height: number;
  /** What stands below the left and the right end. */
  readonly ends: readonly [string, string];
  readonly cell?: Cell | undefined;
  /** A step that is looked at elsewhere, as a part of the width. */
  readonly marked?: number | undefined;
}

/** A row a name, a colour a value; where there is no value, nothing. */
export function drawHeat(canvas: HTMLCanvasElement, { data: { names, values }, edges, extent, logarithmic, width, height, ends, cell, marked }: Drawn): void {
  const scale = devicePixelRatio;
  [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  const colour = themeColours();
  const [across, down] = [width - LABELS, height - AXIS];
  const rowHeight = down / Math.max(1, names.length);
  context.save();
  context.beginPath();
  context.rect(LABELS, 0, across, down);
  context.clip();
  values.forEach((row, r) => {
    const top = Math.round(r * rowHeight);
    const tall = Math.max(1, Math.round((r + 1) * rowHeight) - top - (rowHeight > 6 ? 1 : 0));
    for (let column = 0; column < row.length; column++) {
      const share = extent && shareOf(row.at(column) ?? NaN, extent, logarithmic);
      const [left = 0, right = 0] = [edges[column], edges[column + 1]].map((edge) => (edge ?? 0) * across);
      if (share === undefined || right < 0 || left > across) continue;
      context.fillStyle = rampColour(share);
      context.fillRect(LABELS + left, top, Math.max(1, right - left + 0.5), tall);
    }
  });
  context.strokeStyle = colour.text;
  context.lineWidth = 1.5;
  if (cell) {
    const [left = 0, right = 0] = [edges[cell.column], edges[cell.column + 1]].map((edge) => (edge ?? 0) * across);
    context.strokeRect(LABELS + left, cell.row * rowHeight, Math.max(3, right - left), rowHeight);
  }
  if (marked !== undefined) {
    context.setLineDash([3, 2]);
    context.strokeRect(LABELS + marked * across, -2, 0, down + 4);
  }
  context.restore();
  context.fillStyle = colour.text;
  context.font = `${FONT}px sans-serif`;
  context.textBaseline = 'middle';
  const every = Math.max(1, Math.ceil(LABEL_HEIGHT / rowHeight));
  names.forEach((name, r) => {
    if (r % every !== 0) return;
    context.textAlign = 'right';
    context.fillText(shortened(context, name, LABELS - 8), LABELS - 6, (r + 0.5) * rowHeight);
  });
  context.textBaseline = 'bottom';
  context.textAlign = 'left';
  context.fillText(ends[0], LABELS, height - 2);
  context.textAlign = 'right';
  context.fillText(ends[1], width - 1, height - 2);
}

/** The end of a name is what tells it from others. */
function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  let text = name;
  while (text.length > 4 && context.measureText(text).width > width) text = `\u2026${text.slice(text.startsWith('\u2026') ? 2 : 1)}`;
  return text;
}

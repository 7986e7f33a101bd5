import uPlot from 'uplot';
import type { Axis, Range } from '../../protocol/alongAxis';
import { plainly, significant, t } from '../text';
import type { ChartMark } from './marks';
import { themeColours } from './theme';

const SYNC = 'vae-lab';
/** uPlot's own name for it is there for types only. */
const LOGARITHMIC = 3;
/** A drag of fewer pixels is a click. */
const DRAG = 4;
const powersOfTen: uPlot.Axis.Filter = (_, splits) => splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));

export interface ChartOptions { readonly title: string; readonly axis: Axis; readonly logX: boolean; readonly logY: boolean; readonly series: readonly uPlot.Series[]; readonly width: number; readonly height: number }
/** What a chart asks, and what it tells. */
export interface ChartHands {
  marks(): readonly ChartMark[];
  /** A range was dragged over; undefined: all is to be seen. */
  onZoom(range: Range | undefined): void;
  /** Where the cursor is on the axis; undefined: nowhere. */
  onCursor(at: number | undefined): void;
  onDraw(plot: uPlot): void;
}

/** Digits by which the numbers at an axis differ from one another; four at least. */
export function digitsOf(values: readonly (number | null)[]): number {
  const [first, second, ...others] = values.filter((value) => value !== null);
  if (first === undefined || second === undefined || first === second) return 4;
  return Math.min(15, Math.max(4, 1 + Math.ceil(Math.log10(Math.max(...[first, second, ...others].map(Math.abs)) / Math.abs(second - first)))));
}

/** Vertical lines where a hyperparameter was changed, and small triangles below where a checkpoint is. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[], axis: Axis, colour: { readonly mark: string; readonly text: string }): void {
  const { ctx, bbox } = plot;
  const bottom = bbox.top + bbox.height;
  const inside = (x: number): boolean => x >= bbox.left && x <= bbox.left + bbox.width;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px sans-serif`;
  ctx.textAlign = 'left';
  let row = 0;
  for (const mark of marks) {
    const x = plot.valToPos(mark[axis], 'x', true);
    if (!inside(x)) continue;
    ctx.strokeStyle = ctx.fillStyle = mark.kind === 'change' ? colour.mark : colour.text;
    ctx.beginPath();
    if (mark.kind === 'checkpoint') {
      const half = 4 * devicePixelRatio;
      ctx.moveTo(x - half, bottom);
      ctx.lineTo(x + half, bottom);
      ctx.lineTo(x, bottom - 1.6 * half);
      ctx.fill();
      continue;
    }
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
    const text = mark.short ?? mark.name;
    const { width } = ctx.measureText(text);
    ctx.fillText(text, x + width < bbox.left + bbox.width ? x + 3 * devicePixelRatio : Math.max(bbox.left, x - width - 3 * devicePixelRatio), bbox.top + (11 + 12 * (row++ % 3)) * devicePixelRatio);
  }
  ctx.restore();
}

/** A chart of one quantity: a line for each of `series`, which stand beside one another in its data after the places. It is dragged over to be zoomed, and shares its cursor with the others. */
export function createChart(target: HTMLElement, { title, axis, logX, logY, series, width, height }: ChartOptions, { marks, onZoom, onCursor, onDraw }: ChartHands): uPlot {
  const colour = themeColours();
  const axisStyle = { stroke: colour.text, font: `11px sans-serif`, grid: { stroke: colour.grid, width: 1 }, ticks: { stroke: colour.grid, width: 1 } };
  const powers = { grid: { ...axisStyle.grid, filter: powersOfTen }, ticks: { ...axisStyle.ticks, filter: powersOfTen } };
  const options: uPlot.Options = {
    width, height, pxAlign: 1, legend: { show: false },
    cursor: {
      sync: { key: SYNC, filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } }, drag: { x: true, y: false, setScale: false, dist: DRAG },
      bind: { dblclick: () => () => { onZoom(undefined); return null; } },
    },
    scales: { x: { time: false, ...(logX ? { distr: LOGARITHMIC } : {}) }, ...(logY ? { y: { distr: LOGARITHMIC } } : {}) },
    axes: [
      { ...axisStyle, size: 32, space: 60, values: (_, values: (number | null)[]) => values.map((value) => (value === null ? null : axis === 'seconds' ? `${significant(value)} s` : plainly(value))), ...(logX ? powers : {}) },
      { ...axisStyle, size: 52, space: Math.max(22, height / 14), values: (_, values: (number | null)[]) => values.map((value) => (value === null ? null : significant(value, digitsOf(values)))), ...(logY ? powers : {}) },
    ],
    series: [{ label: axis === 'step' ? t('step') : t('seconds') }, ...series],
    hooks: {
      draw: [(plot) => { drawMarks(plot, marks(), axis, colour); onDraw(plot); }],
      setCursor: [({ cursor, posToVal }) => { onCursor(cursor.left === undefined || cursor.left < 0 ? undefined : posToVal(cursor.left, 'x')); }],
      setSelect: [(plot) => {
        const { left, width: across } = plot.select;
        if (across < DRAG) return;
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        onZoom({ min: plot.posToVal(left, 'x'), max: plot.posToVal(left + across, 'x') });
      }],
    },
  };
  const plot = new uPlot(options, [[], ...series.map(() => [])], target);
  plot.root.setAttribute('role', 'img');
  plot.root.setAttribute('aria-label', title);
  return plot;
}

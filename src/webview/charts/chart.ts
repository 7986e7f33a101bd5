import uPlot from 'uplot';
import type { Mark } from '../../protocol/run';
import { significant, t } from '../text';
import type { Axis, Columns } from './series';
import { themeColours } from './theme';

const HEIGHT = 150;
const SYNC = 'vae-lab';
export type Scale = 'linear' | 'log';
/** uPlot's own name for it is there for types only. */
const LOGARITHMIC = 3;
const powersOfTen: uPlot.Axis.Filter = (_, splits) => splits.map((value) => (Number.isInteger(Math.log10(value)) ? value : null));
const readable = (value: number | null): string => (value === null ? '-' : value.toFixed(2));

/** Vertical lines where a hyperparameter was changed. */
function drawMarks(plot: uPlot, marks: readonly Mark[], axis: Axis, colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px sans-serif`;
  marks.forEach((mark, index) => {
    const x = plot.valToPos(mark[axis], 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) return;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const text = mark.endsSchedule ? t('{0} {1}, schedule ended', mark.name, mark.to) : `${mark.name} ${mark.to}`;
    ctx.textAlign = 'left';
    const { width } = ctx.measureText(text);
    const fits = x + width < bbox.left + bbox.width;
    ctx.fillText(text, fits ? x + 3 * devicePixelRatio : Math.max(bbox.left, x - width - 3 * devicePixelRatio), bbox.top + (11 + 12 * (index % 3)) * devicePixelRatio);
  });
  ctx.restore();
}

/** A chart of one quantity; `marks` is asked for whenever it is drawn. */
export function createChart(target: HTMLElement, title: string, axis: Axis, marks: () => readonly Mark[], scale: Scale): uPlot {
  const colour = themeColours();
  const axisStyle = { stroke: colour.text, font: `11px sans-serif`, grid: { stroke: colour.grid, width: 1 }, ticks: { stroke: colour.grid, width: 1 } };
  const options: uPlot.Options = {
    width: Math.max(160, target.clientWidth), height: HEIGHT, pxAlign: 1,
    cursor: { sync: { key: SYNC }, drag: { x: true, y: false } },
    scales: { x: { time: false }, ...(scale === 'log' ? { y: { distr: LOGARITHMIC } } : {}) },
    axes: [
      { ...axisStyle, size: 32, space: 60, values: (_, values) => values.map((value) => (axis === 'seconds' ? `${value} s` : value.toLocaleString())) },
      {
        ...axisStyle, size: 52, space: 22, values: (_, values: (number | null)[]) => values.map((value) => (value === null ? null : significant(value, 4))),
        ...(scale === 'log' ? { grid: { ...axisStyle.grid, filter: powersOfTen }, ticks: { ...axisStyle.ticks, filter: powersOfTen } } : {}),
      },
    ],
    series: [
      { label: axis === 'step' ? t('step') : t('seconds'), value: (_, value: number | null) => (value === null ? '-' : axis === 'step' ? String(value) : value.toFixed(1)) },
      { label: t('training'), stroke: colour.train, width: 1.25, points: { show: false }, spanGaps: true, value: (_, value: number | null) => readable(value) },
      { label: t('held-out'), stroke: colour.test, width: 1.5, points: { show: false }, spanGaps: true, value: (_, value: number | null) => readable(value) },
      { label: t('held-out, all'), stroke: colour.test, width: 0, points: { show: true, size: 7, fill: colour.test }, value: (_, value: number | null) => readable(value) },
    ],
    hooks: { draw: [(plot) => { drawMarks(plot, marks(), axis, colour.mark); }] },
  };
  const empty: Columns = [[], [], [], []];
  const plot = new uPlot(options, empty, target);
  plot.root.setAttribute('role', 'img');
  plot.root.setAttribute('aria-label', title);
  return plot;
}

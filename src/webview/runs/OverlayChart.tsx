import { useLayoutEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ComparedRun } from '../../protocol/runsApi';
import { onThemeChange, themeColours } from '../charts/theme';
import { significant, t } from '../text';
import { runColour, runDash } from './marks';
import { overlaid, type Quantity } from './overlay';

const HEIGHT = 190;

/** A quantity of several runs in one chart, and its last values in words. */
export function OverlayChart({ title, runs, quantity }: { readonly title: string; readonly runs: readonly ComparedRun[]; readonly quantity: Quantity }) {
  const target = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = target.current;
    if (!element) return undefined;
    let plot: uPlot | undefined;
    const make = (): void => {
      plot?.destroy();
      const colour = themeColours();
      const axis = { stroke: colour.text, font: '11px sans-serif', grid: { stroke: colour.grid, width: 1 }, ticks: { stroke: colour.grid, width: 1 } };
      plot = new uPlot({
        width: Math.max(160, element.clientWidth), height: HEIGHT, scales: { x: { time: false } }, legend: { show: false }, cursor: { drag: { x: true, y: false } },
        axes: [{ ...axis, size: 32, space: 60 }, { ...axis, size: 52, space: 22, values: (_, values: (number | null)[]) => values.map((value) => (value === null ? null : significant(value, 4))) }],
        series: [{ label: t('step') }, ...runs.map(({ id }, i) => ({ label: id, stroke: runColour(i), dash: [...runDash(i)], width: 1.5, spanGaps: true, points: { show: false } }))],
      }, overlaid(runs, quantity), element);
      plot.root.setAttribute('role', 'img');
      plot.root.setAttribute('aria-label', title);
    };
    make();
    const off = onThemeChange(make);
    const resized = new ResizeObserver(() => { plot?.setSize({ width: Math.max(160, element.clientWidth), height: HEIGHT }); });
    resized.observe(element);
    return () => {
      off();
      resized.disconnect();
      plot?.destroy();
    };
  }, [runs, quantity, title]);
  return <figure class="overlay"><figcaption>{title} <span class="unit">{t('nats')}</span></figcaption><div ref={target} /></figure>;
}

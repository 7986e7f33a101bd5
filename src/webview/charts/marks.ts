import type { Mark, ModelChange } from '../../protocol/run';
import { t, whole } from '../text';

/** Something that happened at a step, by what it is called. */
export interface ChartMark { readonly kind: 'change' | 'checkpoint'; readonly step: number; readonly seconds: number; readonly name: string; /** Beside its line, where there is room. */ readonly short?: string }

export const changeMark = (mark: Mark): ChartMark => ({
  kind: 'change', step: mark.step, seconds: mark.seconds, short: mark.endsSchedule ? t('{0} {1}, schedule ended', mark.name, mark.to) : `${mark.name} ${mark.to}`,
  name: mark.endsSchedule ? t('step {0}: {1} from {2} to {3}, schedule ended', whole(mark.step), mark.name, mark.from, mark.to) : t('step {0}: {1} from {2} to {3}', whole(mark.step), mark.name, mark.from, mark.to),
});

export const modelMark = ({ step, seconds, what }: ModelChange): ChartMark => ({
  kind: 'change', step, seconds, short: t('model changed'), name: what.length === 0 ? t('step {0}: the model changed', whole(step)) : t('step {0}: the model changed, {1}', whole(step), what.join(', ')),
});

export const checkpointMark = (step: number, seconds: number): ChartMark => ({ kind: 'checkpoint', step, seconds, name: t('step {0}: checkpoint', whole(step)) });

/** Marks that would be drawn on one another, in pixels, as one. `at` tells where a mark is; undefined: not seen. */
export function clustered(marks: readonly ChartMark[], at: (mark: ChartMark) => number | undefined, apart: number): { readonly left: number; readonly marks: readonly ChartMark[] }[] {
  const clusters: { left: number; marks: ChartMark[] }[] = [];
  const seen = marks.flatMap((mark) => { const left = at(mark); return left === undefined ? [] : [{ left, mark }]; }).sort((a, b) => a.left - b.left);
  for (const { left, mark } of seen) {
    const last = clusters.at(-1);
    if (last && left - last.left < apart) last.marks.push(mark); else clusters.push({ left, marks: [mark] });
  }
  return clusters;
}

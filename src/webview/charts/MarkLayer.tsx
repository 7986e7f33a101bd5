import type { Axis } from '../../protocol/alongAxis';
import { clustered, type ChartMark } from './marks';

/** Where a chart draws, in CSS pixels, and what its x axis spans. */
export interface PlotPlace { readonly left: number; readonly top: number; readonly width: number; readonly height: number; readonly min: number; readonly max: number; readonly logarithmic: boolean }
export const samePlace = (a: PlotPlace | undefined, b: PlotPlace): boolean => a !== undefined && (Object.keys(b) as (keyof PlotPlace)[]).every((key) => a[key] === b[key]);
/** Nearer ones are told as one. */
const APART = 9;

/** Marks as they can be pointed at and reached: each says what happened there. */
export function MarkLayer({ marks, axis, place, stops }: { readonly marks: readonly ChartMark[]; readonly axis: Axis; readonly place: PlotPlace; readonly stops: boolean }) {
  const scaled = (value: number): number => (place.logarithmic ? Math.log(value) : value);
  const at = (mark: ChartMark): number | undefined => {
    const share = (scaled(mark[axis]) - scaled(place.min)) / (scaled(place.max) - scaled(place.min));
    return share >= 0 && share <= 1 ? share * place.width : undefined;
  };
  const clusters = clustered(marks, at, APART);
  if (clusters.length === 0) return null;
  return (
    <ul class="marks" style={{ left: `${place.left}px`, top: `${place.top}px`, width: `${place.width}px`, height: `${place.height}px` }}>
      {clusters.map(({ left, marks: together }) => {
        const names = [...new Set(together.map(({ name }) => name))];
        return (
          <li key={`${together[0]?.kind ?? ''}${together[0]?.step ?? 0}`} style={{ left: `${left}px` }}>
            <span class="mark" tabIndex={stops ? 0 : -1} role="img" aria-label={names.join('; ')} />
            <span class={`mark-name ${left > place.width / 2 ? 'leftwards' : ''}`} aria-hidden="true">{names.slice(0, 6).map((name) => <span key={name}>{name}</span>)}{names.length > 6 ? <span>...</span> : null}</span>
          </li>
        );
      })}
    </ul>
  );
}

import { Pictures } from '../../images/Pictures';
import { usePart } from '../../observable';
import { t } from '../../text';
import { useExamples } from '../examples';
import type { LatentSession } from '../session';
import { stopName } from '../words';

/** The places a path leads through, in order: taken out, moved. */
export function Stops({ session, runId }: { readonly session: LatentSession; readonly runId: string }) {
  const { stops } = usePart(session.state, 'stops');
  const split = stops.find((stop) => stop.example)?.example?.split ?? 'test';
  const own = stops.map((stop) => (stop.example?.split === split ? stop.example.index : undefined));
  const pictures = useExamples(session.store.client, runId, split, own.filter((index) => index !== undefined));
  const pictureOf = (at: number) => pictures[own.slice(0, at).filter((index) => index !== undefined).length];
  const put = (next: typeof stops): void => { session.state.change({ stops: next }); };
  return (
    <ol class="stops">
      {stops.map((stop, i) => {
        const picture = own[i] === undefined ? undefined : pictureOf(i);
        return (
          <li key={`${i} ${stop.z.join()}`}>
            {picture && <Pictures strips={[picture]} columns={1} label="" />}
            <span>{stopName(stop)}</span>
            {i > 0 && <button type="button" class="mode" aria-label={t('Move {0} forward', stopName(stop))} title={t('Move forward')} onClick={() => { put([...stops.slice(0, i - 1), stop, ...stops.slice(i - 1, i), ...stops.slice(i + 1)]); }}>{'\u2190'}</button>}
            <button type="button" class="mode" aria-label={t('Remove {0}', stopName(stop))} title={t('Remove')} onClick={() => { put(stops.filter((_, at) => at !== i)); }}>{'\u00d7'}</button>
          </li>
        );
      })}
    </ol>
  );
}

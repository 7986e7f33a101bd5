import { useEffect, useMemo, useState } from 'preact/hooks';
import type { HostResult, Snapshot } from '../../protocol/hostApi';
import type { Store } from '../store';
import { fromHost, t } from '../text';
import { Interpolation } from './Interpolation';
import { Pad } from './Pad';
import { errorText } from '../../protocol/errorText';

const EXAMPLES = 12;
const DOTS = 200;

/** Interpolation between examples, and a map of two latent dimensions. */
export function LatentTab({ store, run: { manifest, images } }: { readonly store: Store; readonly run: Snapshot }) {
  const [encoded, setEncoded] = useState<HostResult<'encode'>>();
  const [error, setError] = useState<string>();
  const [from, setFrom] = useState(0);
  const { latentDim, state, id, testCount } = manifest;
  const dots = testCount > 0 ? Math.min(DOTS, testCount) : DOTS;
  const ready = state.kind !== 'preparing';
  const step = images?.step ?? 0;
  useEffect(() => {
    if (!ready) return undefined;
    let current = true;
    store.client.request('encode', { indices: Array.from({ length: dots }, (_, i) => i) }).then(
      (result) => { if (current) { setEncoded(result); setError(undefined); } },
      (reason: unknown) => { if (current) setError(errorText(reason)); },
    );
    return () => { current = false; };
  }, [store, id, ready, step, dots]);
  const examples = useMemo(() => encoded && { ...encoded.originals, count: Math.min(EXAMPLES, encoded.originals.count),
    pixels: encoded.originals.pixels.subarray(0, Math.min(EXAMPLES, encoded.originals.count) * encoded.originals.height * encoded.originals.width * encoded.originals.channels) }, [id, encoded !== undefined]);
  // Held still while training goes on, so that the handle stays where the person put it.
  const base = useMemo(() => Float32Array.from(encoded?.means.subarray(from * latentDim, (from + 1) * latentDim) ?? []), [id, from, latentDim, encoded !== undefined]);
  if (error !== undefined && !encoded) return <p class="empty" role="alert">{fromHost(error)}</p>;
  if (!encoded || !examples) return <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {ready ? t('Encoding held-out examples') : t('The latent space opens when the model is built.')}</p>;
  return (
    <>
      <Pad store={store} runId={id} latentDim={latentDim} base={base} means={encoded.means} />
      <Interpolation store={store} runId={id} name={manifest.modelName} originals={examples} step={step} from={from} onFrom={setFrom} />
    </>
  );
}

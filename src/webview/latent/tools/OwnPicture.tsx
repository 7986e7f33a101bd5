import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../../../protocol/errorText';
import type { ImageStrip } from '../../../protocol/images';
import { Pictures } from '../../images/Pictures';
import { useValue } from '../../observable';
import { fromHost, t } from '../../text';
import type { LatentSession } from '../session';
import { inverted, readPicture, type OwnImage } from './readPicture';

/** A picture of the person's, encoded: dropped, pasted or chosen. */
export function OwnPicture({ session }: { readonly session: LatentSession }) {
  const decoded = useValue(session.decoded);
  const [own, setOwn] = useState<OwnImage & { reconstruction: ImageStrip; inverted: boolean }>();
  const [turned, setTurned] = useState(false);
  const [error, setError] = useState<string>();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const shape = useRef(decoded);
  shape.current = decoded ?? shape.current;

  const show = async (image: OwnImage, invert: boolean): Promise<void> => {
    setTurned(invert);
    const strip = invert ? inverted(image.strip) : image.strip;
    const { means, reconstructions } = await session.store.client.request('encodePictures', { pictures: strip, ...session.given(session.state.get().label) });
    setOwn({ ...image, reconstruction: reconstructions, inverted: invert });
    setError(undefined);
    session.state.change({ place: Array.from(means), placeOf: undefined });
  };
  const attempt = (work: () => Promise<void>): void => { work().catch((reason: unknown) => { setError(fromHost(errorText(reason))); }); };
  const take = (file: File | undefined): void => {
    const model = shape.current;
    if (file && model) attempt(async () => { await show(await readPicture(file, model), false); });
  };
  useEffect(() => {
    const pasted = ({ clipboardData }: ClipboardEvent): void => { take(clipboardData?.files[0]); };
    document.addEventListener('paste', pasted);
    return () => { document.removeEventListener('paste', pasted); };
  }, []);
  return (
    <section class={`own ${over ? 'over' : ''}`} aria-label={t('A picture of your own')} data-testid="own" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => { setOver(false); }}
      onDrop={(event) => { event.preventDefault(); setOver(false); take(event.dataTransfer?.files[0]); }}>
      <div class="row">
        <h2>{t('A picture of your own')}</h2>
        <div class="toolbar">
          {own && <label><input type="checkbox" checked={turned} onChange={() => { attempt(() => show(own, !turned)); }} /> {t('invert')}</label>}
          <vscode-button appearance="secondary" onClick={() => { input.current?.click(); }}>{t('Choose a Picture...')}</vscode-button>
          <input ref={input} type="file" accept="image/*" hidden aria-label={t('A picture of your own')} onChange={() => { take(input.current?.files?.[0]); if (input.current) input.current.value = ''; }} />
        </div>
      </div>
      {error !== undefined && <p role="alert" class="wrong">{error}</p>}
      {own ? (
        <div class="here-pictures">
          <figure><Pictures strips={[own.inverted ? inverted(own.strip) : own.strip]} columns={1} label={t('{0}, as the model takes it', own.name)} testId="own-picture" /><figcaption>{t('{0}, {1}x{2}, resized to {3}x{4}', own.name, own.width, own.height, own.strip.width, own.strip.height)}</figcaption></figure>
          <figure><Pictures strips={[own.reconstruction]} columns={1} label={t('{0}, reconstructed', own.name)} testId="own-reconstruction" /><figcaption>{t('reconstructed; its place is the one looked at')}</figcaption></figure>
        </div>
      ) : <p class="unit">{t('Drop a picture here (in VS Code with Shift held), paste one, or choose one: it is cut to the model\'s shape, resized and encoded.')}</p>}
    </section>
  );
}

import { useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { ImageStrip } from '../../protocol/images';
import { drawStrips } from '../images/drawStrip';
import type { Store } from '../store';
import { t } from '../text';

interface ExportProps { readonly store: Store; readonly name: string; readonly columns: number; readonly strip: ImageStrip | undefined; /** Pictures that are seen at once need not move. */ readonly still?: boolean; /** What a GIF shows one after another, where that is not each picture. */ frames?(strip: ImageStrip): ImageStrip }

async function copy(strip: ImageStrip, columns: number): Promise<void> {
  const canvas = document.createElement('canvas');
  drawStrips(canvas, [strip], columns);
  const png = await new Promise<Blob>((resolve, reject) => { canvas.toBlob((blob) => { if (blob) resolve(blob); else reject(new Error(t('The picture could not be made.'))); }, 'image/png'); });
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

/** Pictures leave the panel: copied, as a PNG strip, as a GIF. */
export function Export({ store, name, columns, strip, still = false, frames = (all) => all }: ExportProps) {
  const [said, setSaid] = useState('');
  const save = (format: 'png' | 'gif') => () => { if (strip) store.ask('savePictures', { name, columns, pictures: [format === 'gif' ? frames(strip) : strip], format }); };
  const copied = (): void => { if (strip) copy(strip, columns).then(() => { setSaid(t('Copied.')); }, (error: unknown) => { setSaid(errorText(error)); }); };
  return (
    <>
      <vscode-button appearance="secondary" disabled={!strip} onClick={copied}>{t('Copy')}</vscode-button>
      <vscode-button appearance="secondary" disabled={!strip} onClick={save('png')}>{t('Save as PNG...')}</vscode-button>
      {!still && <vscode-button appearance="secondary" disabled={!strip} onClick={save('gif')}>{t('Save as GIF...')}</vscode-button>}
      <span class="unit" role="status">{said}</span>
    </>
  );
}

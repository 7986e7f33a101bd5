import path from 'node:path';
import type { ImageStrip } from '../../protocol/images';
import type { PanelSubject } from '../../protocol/panelApi';
import { animatedGif } from '../../runs/gif';
import { gridPng } from '../../runs/pictures';
import { saveFile } from './saveFile';

interface Pictures { readonly name: string; readonly columns: number; readonly pictures: readonly ImageStrip[]; readonly format: 'png' | 'gif' }

/** Asks where, and writes the pictures: as one PNG, each at its own size, or one after another as a GIF. */
export function savePictures({ file }: PanelSubject, { name, columns, pictures, format }: Pictures): Promise<void> {
  return saveFile(path.dirname(file), { name, format, content: format === 'png' ? gridPng(pictures, columns) : animatedGif(pictures) });
}

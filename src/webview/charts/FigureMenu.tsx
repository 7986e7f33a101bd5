import { useRef } from 'preact/hooks';
import type { SavedFile } from '../../protocol/savedFile';
import { t } from '../text';
import { pngOf } from './picture';
import { csvOf, type Table } from './table';

/** The page that figures are of. */
export interface FigureOwner {
  /** With it names of files begin. */
  readonly figuresName: string;
  /** Resolves when what is drawn is as it is to be. */
  settled(): Promise<void>;
  /** Asks where, and writes a file. */
  saveFile(file: SavedFile): void;
  /** Says that something could not be done. */
  fail(error: unknown): void;
}

interface FigureMenuProps {
  readonly owner: FigureOwner;
  readonly title: string;
  picture(): HTMLCanvasElement | undefined;
  wholeTable(): Promise<Table>;
  readonly full: boolean;
  onFull(): void;
  readonly numbers: boolean;
  onNumbers(): void;
}

/** A file's name of what a figure is called. */
const fileName = (title: string): string => title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');

/** What can be done with a figure. */
export function FigureMenu({ owner, title, picture, wholeTable, full, onFull, numbers, onNumbers }: FigureMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const latest = useRef({ picture, wholeTable });
  latest.current = { picture, wholeTable };
  const act = (work: () => Promise<void> | void) => () => {
    if (menu.current) menu.current.open = false;
    owner.settled().then(work).catch((error: unknown) => { owner.fail(error); }); // no part of a run leaves the panel as if it were all
  };
  const drawn = (): Promise<Blob> => {
    const canvas = latest.current.picture();
    if (!canvas) throw new Error(t('There is nothing to see yet.'));
    return pngOf(canvas);
  };
  const name = `${owner.figuresName}-${fileName(title)}`;
  const save = (format: 'png' | 'csv', content: Uint8Array): void => { owner.saveFile({ name, format, content }); };
  const away = (event: FocusEvent): void => {
    if (menu.current && !(event.relatedTarget instanceof Node && menu.current.contains(event.relatedTarget))) menu.current.open = false;
  };
  const escape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !menu.current?.open) return;
    event.preventDefault();
    event.stopPropagation();
    menu.current.open = false;
    menu.current.querySelector('summary')?.focus();
  };
  return (
    <div class="figure-tools">
      <details ref={menu} onFocusOut={away} onKeyDown={escape}>
        <summary aria-label={t('{0}: copy, save, data', title)} title={t('Copy, save, data')}>&#x22ef;</summary>
        <div class="figure-menu">
          <button type="button" onClick={act(async () => { await navigator.clipboard.write([new ClipboardItem({ 'image/png': await drawn() })]); })}>{t('Copy as PNG')}</button>
          <button type="button" onClick={act(async () => { save('png', new Uint8Array(await (await drawn()).arrayBuffer())); })}>{t('Save as PNG...')}</button>
          <button type="button" onClick={act(async () => { await navigator.clipboard.writeText(csvOf(await latest.current.wholeTable())); })}>{t('Copy as CSV')}</button>
          <button type="button" onClick={act(async () => { save('csv', new TextEncoder().encode(csvOf(await latest.current.wholeTable()))); })}>{t('Save as CSV...')}</button>
          {!full && <button type="button" aria-pressed={numbers} onClick={act(onNumbers)}>{numbers ? t('Hide Data Table') : t('Show Data Table')}</button>}
        </div>
      </details>
      <button type="button" class="figure-button" aria-label={full ? t('{0}: leave full screen', title) : t('{0}: full screen', title)} title={full ? t('Leave full screen') : t('Full screen')} onClick={onFull}>{full ? '\u2715' : '\u2922'}</button>
    </div>
  );
}

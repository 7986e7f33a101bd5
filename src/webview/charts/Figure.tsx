import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { DataTable } from './DataTable';
import { FigureMenu, type FigureOwner } from './FigureMenu';
import type { Table } from './table';

export type FigureSize = 'usual' | 'full';
interface FigureProps {
  readonly owner: FigureOwner;
  readonly title: string;
  readonly unit?: string | undefined;
  /** What is seen, in words. */
  readonly summary: string;
  /** As it is drawn now, with title and key; undefined: nothing is. */
  picture(): HTMLCanvasElement | undefined;
  /** Its numbers, as far as they are drawn. */
  table(): Table;
  /** All of them, where that is more. */
  wholeTable?: (() => Promise<Table>) | undefined;
  children(size: FigureSize, described: string): ComponentChildren;
}

/** A drawing with its name: said in words, shown as numbers, copied, saved, or seen as large as the panel. */
export function Figure({ owner, title, unit, summary, picture, table, wholeTable = () => Promise.resolve(table()), children }: FigureProps) {
  const [full, setFull] = useState(false);
  const [numbers, setNumbers] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const described = useId();
  useEffect(() => { if (full) dialog.current?.showModal(); }, [full]);
  const name = <>{title}{unit === undefined ? null : <> <span class="unit">{unit}</span></>}</>;
  const menu = (inFull: boolean) => <FigureMenu owner={owner} title={title} picture={picture} wholeTable={wholeTable} full={inFull} onFull={() => { if (inFull) dialog.current?.close(); else setFull(true); }} numbers={numbers} onNumbers={() => { setNumbers(!numbers); }} />;
  return (
    <section class="figure" aria-label={title}>
      <div class="figure-head"><h3>{name}</h3>{menu(false)}</div>
      <p class="heard" id={described}>{summary}</p>
      {!full && children('usual', described)}
      {full && (
        <dialog ref={dialog} class="figure-full" aria-label={title} onClose={() => { setFull(false); }}>
          <div class="figure-head"><h3>{name}</h3>{menu(true)}</div>
          {children('full', described)}
        </dialog>
      )}
      {numbers && <DataTable title={title} table={table()} />}
    </section>
  );
}

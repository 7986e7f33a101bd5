import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { drawStrips } from './drawStrip';

interface PicturesProps {
  readonly strips: readonly ImageStrip[];
  readonly columns: number;
  /** What the pictures are, for those who cannot see them; empty where a label beside says it. */
  readonly label: string;
  readonly testId?: string;
}

/** Pictures in rows, drawn from bytes. */
export function Pictures({ strips, columns, label, testId }: PicturesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => { if (canvas.current) drawStrips(canvas.current, strips, columns); }, [columns, ...strips]); // the list is made anew at each render, its strips are not
  const heard = label === '' ? { 'aria-hidden': true } as const : { role: 'img', 'aria-label': label } as const;
  return <canvas class="pictures" ref={canvas} {...heard} data-testid={testId} />;
}

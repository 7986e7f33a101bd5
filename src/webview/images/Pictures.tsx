import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ImageStrip } from '../../protocol/images';
import { drawStrips } from './drawStrip';

interface PicturesProps {
  readonly strips: readonly ImageStrip[];
  readonly columns: number;
  /** What the pictures are, for those who cannot see them. */
  readonly label: string;
  readonly testId?: string;
}

/** Pictures in rows, drawn from bytes. */
export function Pictures({ strips, columns, label, testId }: PicturesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => { if (canvas.current) drawStrips(canvas.current, strips, columns); }, [strips, columns]);
  return <canvas class="pictures" ref={canvas} role="img" aria-label={label} data-testid={testId} />;
}

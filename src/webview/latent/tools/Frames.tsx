import { useMemo } from 'preact/hooks';
import type { ImageStrip } from '../../../protocol/images';
import { Pictures } from '../../images/Pictures';
import { one } from '../../../protocol/images';

interface FramesProps {
  readonly strip: ImageStrip;
  /** Beneath each frame. */
  readonly neighbours?: readonly (ImageStrip | undefined)[];
  label(index: number): string;
  note(index: number): string;
  onPick(index: number): void;
  readonly testId: string;
}

/** Pictures side by side, each a button that goes to its place; what belongs to one stands under it. */
export function Frames({ strip, neighbours = [], label, note, onPick, testId }: FramesProps) {
  const frames = useMemo(() => Array.from({ length: strip.count }, (_, i) => [one(strip, i)]), [strip]);
  return (
    <div class="frames" data-testid={testId}>
      {frames.map((frame, i) => (
        <button key={i} type="button" aria-label={label(i)} title={label(i)} onClick={() => { onPick(i); }}>
          <Pictures strips={frame} columns={1} label="" />
          <span>{note(i)}</span>
          {neighbours[i] && <Pictures strips={[neighbours[i]]} columns={1} label="" />}
        </button>
      ))}
    </div>
  );
}

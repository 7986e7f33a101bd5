import { useRef } from 'preact/hooks';
import type { Value } from '../../observable';
import { moved, zoomed, type Camera, type Size } from './camera';

type At = readonly [number, number];
export type Mode = 'move' | 'lasso';
interface Hand {
  readonly camera: Value<Camera>; readonly size: Size; readonly mode: Mode;
  onHover(at: At | undefined): void;
  onPick(at: At): void;
  /** Corners so far, in pixels; `done` with the last. */
  onLasso(corners: readonly At[], done: boolean): void;
  onMoved(): void;
}

/** A hand that moves less than this has clicked. */
const CLICK = 4;
/** Corners of a lasso are this far apart. */
const CORNER = 3;
const WHEEL = 0.0015;

/** The map under a mouse, a pen or a finger: moves, zooms, picks, draws a lasso. Shift takes the other of the two. */
export function usePointer({ camera, size, mode, onHover, onPick, onLasso, onMoved }: Hand) {
  const drag = useRef<{ from: At; last: At; far: boolean; lasso: At[] | undefined }>();
  const place = (event: MouseEvent): At => {
    const box = event.currentTarget instanceof Element ? event.currentTarget.getBoundingClientRect() : { left: 0, top: 0 };
    return [event.clientX - box.left, event.clientY - box.top];
  };
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      const at = place(event);
      drag.current = { from: at, last: at, far: false, lasso: (mode === 'lasso') !== event.shiftKey ? [at] : undefined };
    },
    onPointerMove: (event: PointerEvent) => {
      const at = place(event);
      const hand = drag.current;
      if (!hand) {
        onHover(at);
        return;
      }
      hand.far ||= Math.hypot(at[0] - hand.from[0], at[1] - hand.from[1]) > CLICK;
      if (!hand.far) return;
      onHover(undefined);
      if (hand.lasso) {
        const [x, y] = hand.lasso.at(-1) ?? at;
        if (Math.hypot(at[0] - x, at[1] - y) < CORNER) return;
        hand.lasso.push(at);
        onLasso(hand.lasso, false);
      } else {
        camera.set(moved(camera.get(), at[0] - hand.last[0], at[1] - hand.last[1]));
        hand.last = at;
      }
    },
    onPointerUp: (event: PointerEvent) => {
      const hand = drag.current;
      drag.current = undefined;
      if (!hand) return;
      if (!hand.far) onPick(place(event));
      else if (hand.lasso) onLasso(hand.lasso, true);
      else onMoved();
    },
    onPointerLeave: () => { if (!drag.current) onHover(undefined); },
    onWheel: (event: WheelEvent) => {
      event.preventDefault();
      camera.set(zoomed(camera.get(), size, place(event), Math.exp(-event.deltaY * WHEEL)));
      onMoved();
    },
  };
}

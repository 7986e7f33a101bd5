import { useState } from 'preact/hooks';
import type { Value } from '../../observable';
import { moved, zoomed, type Camera, type Size } from './camera';

type At = readonly [number, number];
interface Keys {
  readonly camera: Value<Camera>; readonly size: Size;
  onCross(at: At | undefined): void;
  onPick(at: At): void;
  onLasso(corners: readonly At[], done: boolean): void;
  onHome(): void;
  onMoved(): void;
}
const STEP = 12;
const LEAP = 60;
const ZOOM = 1.3;
const EDGE = 8;
const moves: Readonly<Record<string, At>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** The map under a keyboard: arrows move a cross, Enter picks under it, L sets the corners of a lasso and G closes it, + and - zoom, Home shows all. */
export function useKeys({ camera, size, onCross, onPick, onLasso, onHome, onMoved }: Keys) {
  const [cross, setCross] = useState<At>();
  const [corners, setCorners] = useState<readonly At[]>([]);
  const put = (at: At | undefined): void => {
    setCross(at);
    onCross(at);
  };
  const lasso = (next: readonly At[], done: boolean): void => {
    setCorners(done ? [] : next);
    onLasso(next, done);
  };
  const middle: At = [size.width / 2, size.height / 2];
  /** What leaves the map moves the map instead. */
  const go = ([dx, dy]: At, by: number): void => {
    const [x, y] = cross ?? middle;
    const [nx, ny] = [x + dx * by, y + dy * by];
    const inside: At = [Math.min(size.width - EDGE, Math.max(EDGE, nx)), Math.min(size.height - EDGE, Math.max(EDGE, ny))];
    if (inside[0] !== nx || inside[1] !== ny) {
      camera.set(moved(camera.get(), inside[0] - nx, inside[1] - ny));
      onMoved();
    }
    put(inside);
  };
  const press = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    const at = cross ?? middle;
    if (move) go(move, event.shiftKey ? LEAP : STEP);
    else if (event.key === '+' || event.key === '=' || event.key === '-') {
      camera.set(zoomed(camera.get(), size, at, event.key === '-' ? 1 / ZOOM : ZOOM));
      onMoved();
      put(at);
    } else if (event.key === 'Home') { put(undefined); onHome(); }
    else if (event.key === 'Enter') onPick(at);
    else if (event.key === 'l' || event.key === 'L') { put(at); lasso([...corners, at], false); }
    else if ((event.key === 'g' || event.key === 'G') && corners.length > 2) lasso(corners, true);
    else if (event.key === 'Escape' && (corners.length > 0 || cross)) { lasso([], true); put(undefined); }
    else return;
    event.preventDefault();
  };
  return { cross, onKeyDown: press, onBlur: () => { put(undefined); } };
}

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MomentPictures } from '../../protocol/moments';
import { onThemeChange } from '../charts/theme';
import { classColour } from '../latent/map/colours';
import { t, whole } from '../text';

const SIDE = 240;
const RADIUS = 2.5;
/** The prior's usual extent, and some room for what lies beyond it. */
const REACH = 1.35;

/** Where held-out examples lie in two dimensions of the latent space, coloured by class where that is known. */
export function MomentMap({ seen: { step, means, latentDim, labels }, dims: [across, up], range: [low, high] }: { readonly seen: MomentPictures; readonly dims: readonly [number, number]; readonly range: readonly [number, number] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [themed, setThemed] = useState(0);
  useEffect(() => onThemeChange(() => { setThemed((times) => times + 1); }), []);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const scale = devicePixelRatio;
    canvas.current.width = canvas.current.height = SIDE * scale;
    context.scale(scale, scale);
    const [middle, half] = [(low + high) / 2, (high - low) / 2 * REACH];
    const place = (value: number): number => SIDE / 2 + (value - middle) / half * SIDE / 2;
    context.strokeStyle = getComputedStyle(canvas.current).borderColor;
    context.strokeRect(place(low), place(low), place(high) - place(low), place(high) - place(low));
    context.globalAlpha = 0.85;
    for (let i = 0; i < means.length / latentDim; i++) {
      context.fillStyle = classColour(labels?.[i] ?? 0);
      context.beginPath();
      context.arc(place(means[i * latentDim + across] ?? 0), SIDE - place(up === across ? middle : means[i * latentDim + up] ?? 0), RADIUS, 0, 2 * Math.PI);
      context.fill();
    }
  }, [means, latentDim, labels, across, up, low, high, themed]);
  return <canvas class="moment-map" ref={canvas} role="img" aria-label={t('{0} held-out examples by z{1} and z{2} at step {3}', whole(means.length / latentDim), across, up, whole(step))} data-testid="moment-map" />;
}

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { Value } from '../../observable';
import type { Camera, Size } from './camera';
import { createPointLayer, type PointLayer } from './pointLayer';

interface Drawn { readonly places: Float32Array; readonly colours: Uint8Array; readonly camera: Value<Camera>; readonly size: Size }

/** Draws the points on the canvas, once a frame at most, when something of it has changed; again when the graphics card was lost. */
export function useLayer(canvas: RefObject<HTMLCanvasElement>, { places, colours, camera, size }: Drawn): void {
  const layer = useRef<PointLayer>();
  const latest = useRef({ places, colours, size });
  latest.current = { places, colours, size };
  const frame = useRef(0);
  const request = useRef(() => { /* set below */ });
  request.current = () => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      layer.current?.draw(camera.get(), latest.current.size, devicePixelRatio);
    });
  };
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const make = (): void => {
      layer.current = createPointLayer(element);
      layer.current.setPlaces(latest.current.places);
      layer.current.setColours(latest.current.colours);
      request.current();
    };
    const lost = (event: Event): void => { event.preventDefault(); layer.current = undefined; };
    element.addEventListener('webglcontextlost', lost);
    element.addEventListener('webglcontextrestored', make);
    make();
    const off = camera.subscribe(() => { request.current(); });
    return () => {
      off();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
      element.removeEventListener('webglcontextlost', lost);
      element.removeEventListener('webglcontextrestored', make);
      layer.current?.dispose();
      layer.current = undefined;
    };
  }, [canvas, camera]);
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    [element.width, element.height] = [Math.round(size.width * devicePixelRatio), Math.round(size.height * devicePixelRatio)];
    layer.current?.draw(camera.get(), size, devicePixelRatio); // a canvas of another size is empty
  }, [size]);
  useEffect(() => { layer.current?.setPlaces(places); request.current(); }, [places]);
  useEffect(() => { layer.current?.setColours(colours); request.current(); }, [colours]);
}

import { runColour, runDash } from './marks';

/** How a run's line is drawn. */
export function LineMark({ index }: { readonly index: number }) {
  return <svg class="line" width="26" height="8" aria-hidden="true"><line x1="0" y1="4" x2="26" y2="4" stroke={runColour(index)} stroke-width="2" stroke-dasharray={runDash(index).join(' ')} /></svg>;
}

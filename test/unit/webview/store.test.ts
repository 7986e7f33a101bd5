import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Look } from '../../../src/protocol/fineTracks';
import { packRun } from '../../../src/protocol/panelRun';
import { shownRun } from '../../../src/protocol/shownRun';
import { packTracks } from '../../../src/protocol/tracks';
import { Store, type PanelClient } from '../../../src/webview/store';
import { recorded } from '../../webview/harness';

const run = shownRun(recorded.last);
const points = { runId: run.manifest.id, tracks: packTracks(run.history.tracks) };
const snapshot = { subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: run.manifest.id }, view: 'training', texts: {}, locale: 'en', run: packRun({ ...run, isCoarse: true }) };
/** A store of a long run, and what it asked of its points, answered as told. */
function storeThat(answer: (times: number) => Promise<object>) {
  const asked: unknown[] = [];
  const client = {
    on: () => undefined,
    request: (method: string, params: unknown) => {
      if (method !== 'points') return Promise.resolve(snapshot);
      asked.push(params);
      return answer(asked.length);
    },
  } as unknown as PanelClient;
  return { asked, store: new Store(client, () => undefined) };
}
const unsmoothed: Look = { smoothing: 0 };
afterEach(() => { vi.unstubAllGlobals(); });

describe('what a panel holds of a long run', () => {
  it('is not asked for again where that came to nothing, until something else is looked at or a figure is saved', async () => {
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setImmediate(draw));
    const { asked, store } = storeThat((times) => (times < 3 ? Promise.reject(new Error('The disk is gone.')) : Promise.resolve({ points })));
    await store.start();
    await expect(store.settled()).rejects.toThrow('The disk is gone.');
    store.lookAt({ ...unsmoothed }); // as the curves do when they are first drawn
    expect(asked).toHaveLength(1);
    store.lookAt({ smoothing: 0.9 });
    await expect(store.settled()).rejects.toThrow('The disk is gone.');
    expect(asked).toHaveLength(2);
    await store.settled();
    expect(asked).toHaveLength(3);
    expect(store.state?.run?.isCoarse).toBeUndefined();
  });
});

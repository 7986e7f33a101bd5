import { describe, expect, it } from 'vitest';
import { tools } from '../../src/webview/latent/state';
import { contrasts } from './contrasts';
import { openPanel, recorded } from './harness';
import { holder } from './hold';
import { meanOf, ready } from './latentHands';
import type { Theme } from './themes';

const hold = holder();

const stop = (index: number) => ({ z: meanOf(index), example: { split: 'test' as const, index } });
/** A tab in the middle of its use. */
const kept = { latent: {
  tool: 'place', split: 'test', count: 1000, axes: 'principal', dims: [0, 1], colour: 'label', place: meanOf(5), placeOf: { split: 'test', index: 5 }, padDims: [0, 1],
  stops: [stop(0), stop(1), stop(17)], along: 'greatCircle', frames: 11, groups: [{ name: 'ones', split: 'test', indices: [1, 4, 7, 10, 13] }, { name: 'a long name of a group', split: 'train', indices: [3] }],
  vector: { from: 'all', to: 'group ones', strength: 1 }, manifold: { plane: 'dimensions', dims: [0, 1], side: 15 },
} };
const items = () => Promise.resolve({ items: [{ name: 'from here to there', item: { kind: 'path' as const, through: [meanOf(0), meanOf(1)], steps: 11, along: 'line' as const } }, { name: 'a place', item: { kind: 'point' as const, z: meanOf(3) } }] });
/** What stands there when a tool is drawn. */
const drawn: { readonly [T in (typeof tools)[number]]: string } = {
  place: '[data-testid=pad-image]', path: '[data-testid=interpolation] button:nth-child(11) canvas:nth-of-type(2)', groups: '[data-testid=attribute-row]', traversals: '[data-testid=traversals] canvas', manifold: '[data-testid=manifold]', posterior: '[data-testid=posteriors]', saved: '.saved-picture canvas',
};

describe('the latent tab in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1000]) {
      it(`fits and can be read: ${theme}, ${width} px`, async () => {
        const panel = hold(await openPanel({ theme, width, snapshot: { view: 'latent', run: recorded.last, kept }, handlers: { items } }));
        const { page } = panel;
        await ready(panel);
        for (const tool of tools) {
          await page.locator(`#tool-${tool}`).click();
          await page.locator(drawn[tool]).first().waitFor();
          await page.screenshot({ path: `out/latent-${theme}-${width}-${tool}.png`, fullPage: true });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `${tool} does not scroll sideways`).toBeLessThanOrEqual(width);
          expect(await page.evaluate(contrasts), `${tool} can be read`).toEqual([]);
        }
      });
    }
  }
});

import { expect, it } from 'vitest';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { waitForPoints } from '../../scripts/vscode/hands.mjs';

it('curves that give way to those of another run while they are waited for are waited for in these', async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const curves = '<p data-testid="curves" data-points="0">-</p>';
    const frame = (attributes: string, content: string): string => `<iframe ${attributes} srcdoc="${content.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`;
    await page.setContent(frame('class="webview ready"', frame('id="active-frame"', curves)));
    const inner = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame').getByTestId('curves');
    await inner.evaluate((node) => { // as soon as somebody observes them
      const { observe } = MutationObserver.prototype;
      MutationObserver.prototype.observe = function observed(...args) {
        observe.apply(this, args);
        MutationObserver.prototype.observe = observe;
        queueMicrotask(() => {
          const other = node.cloneNode(true) as HTMLElement;
          node.replaceWith(other);
          setTimeout(() => { other.dataset['points'] = '3'; }, 0);
        });
      };
    });
    await waitForPoints(page, 3, 10_000);
    expect(await inner.getAttribute('data-points')).toBe('3');
  } finally {
    await browser.close();
  }
});

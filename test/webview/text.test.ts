import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../src/extension/panels/panelHtml';
import { openPanel, recorded } from './harness';
import { holder } from './hold';

const hold = holder(); // a handler that the page's policy stopped would be one

const evil = (name: string): string => `${name}<img src=x onerror="document.title='run'"><script>document.title='run'</script>`;
const subject = { file: `/models/${evil('file')}.vae.ts`, name: evil('model'), runId: recorded.last.manifest.id };
const [first] = recorded.last.metrics;
const run = {
  ...recorded.last,
  marks: [{ step: 3, seconds: first?.seconds ?? 0, name: evil('mark'), from: 1, to: 2 }],
  manifest: {
    ...recorded.last.manifest, modelName: evil('model'), modelFile: subject.file, device: evil('device'), engineNotice: evil('notice'), checkpointNotice: evil('checkpoint'), hyperparameters: { [evil('beta')]: 1 },
    state: { kind: 'failed' as const, error: { code: 'internal' as const, message: evil('message'), location: { file: subject.file, line: 1 } } },
  },
};

describe('what a run, a file or a host says', () => {
  it('is shown as text, wherever it is shown', async () => {
    const panel = hold(await openPanel({ snapshot: { subject, run, texts: { Training: evil('Training') } } }));
    const { page, send, aria } = panel;
    await page.getByTestId('samples').waitFor();
    const text = await aria();
    for (const name of ['model', 'device', 'notice', 'checkpoint', 'beta', 'message', 'Training']) expect(text).toContain(`${name}<img src=x`);
    await send('notice', { notice: { kind: 'error', text: evil('told'), actions: ['openLog'] } });
    await page.getByRole('alert').filter({ hasText: evil('told') }).waitFor();
    await send('notice', { notice: { kind: 'waiting', text: evil('waiting'), actions: [] } });
    await page.getByText(evil('waiting')).waitFor();
    for (const view of ['samples', 'latent', 'training'] as const) {
      await send('view', { view });
      await page.locator(`#tab-${view}[aria-selected=true]`).waitFor();
    }
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.title()).toBe('shapes');
  });

  it('is text in the page that holds the panel', () => {
    const html = panelHtml({ script: 's', style: 's', styleSource: 's', nonce: 'n', language: 'en"><script>', title: '</title><img src=x onerror=alert(1)>' });
    expect(html).not.toMatch(/<img|"><script>/);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { longSample, openWindow, type Window } from './window';

const broken = `import { vae, sprites } from 'vae-lab';
export const m = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 0, encoder: () => [], decoder: () => [] });
`;
let window: Window;
beforeAll(async () => { window = await openWindow({ locale: 'zh-cn', files: { ...longSample(), 'broken.vae.ts': broken } }); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(`zh-${task.name}`)); });

describe('the extension in Simplified Chinese', () => {
  it('speaks it in lenses, status bar and panel', async () => {
    const { page } = window;
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, '还没有运行').waitFor();
    await lens(page, '训练 VAE').first().click();
    await waitForPoints(page, 3);
    const panel = panelFrame(page);
    await panel.getByTestId('state').filter({ hasText: '训练中' }).waitFor();
    await page.locator('.statusbar-item', { hasText: /shapes 第 [\d,]+ 步/ }).waitFor();
    await panel.getByRole('tab', { name: '潜空间' }).click();
    await panel.getByTestId('map-points').waitFor();
    const latent = (await panel.locator('.latent').innerText()).match(/[A-Za-z]{3,}/g) ?? [];
    expect(latent.filter((word) => !['PCA', 'UMAP', 'Code', 'Shift'].includes(word))).toEqual([]);
    await panel.getByRole('tab', { name: '训练' }).click();
    await panel.getByTestId('samples').waitFor();
    await panel.getByTestId('layers').waitFor();
    await window.picture('language-zh-cn');
    const words = (await panel.locator('body').innerText()).match(/[A-Za-z]{3,}/g) ?? [];
    const names = ['shapes', 'learningRate', 'beta', 'epochs', 'batchSize', 'latentDim', 'seed', 'encoder', 'decoder', 'output', 'mean', 'logVariance']; // as they stand in code and weights
    const known = [...names, 'CPU', 'onnxruntime', 'nats', 'VAE'];
    expect(words.filter((word) => !known.includes(word))).toEqual([]);
  });

  it('speaks it in the palette, and about what a host says', async () => {
    const { page } = window;
    await palette(page, 'VAE Lab: 停止训练');
    await panelFrame(page).getByTestId('state').filter({ hasText: '已停止' }).waitFor();
    await openFile(page, 'broken.vae.ts');
    await lens(page, '训练 VAE').first().click();
    await panelFrame(page).getByRole('alert').filter({ hasText: 'latentDim 必须是 1 到' }).waitFor();
    await page.locator('.notification-toast', { hasText: 'latentDim 必须是 1 到' }).waitFor();
  });
});

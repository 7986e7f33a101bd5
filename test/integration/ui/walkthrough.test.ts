import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { palette } from '../../../scripts/vscode/hands.mjs';
import { openWindow, type Window } from './window';

let window: Window;
beforeAll(async () => { window = await openWindow(); });
afterAll(async () => { await window.close(); });
beforeEach(({ onTestFailed, task }) => { onTestFailed(() => window.failed(task.name)); });

describe('the walkthrough', () => {
  it('leads from a first run to a comparison, and its steps do what they say', async () => {
    const { page } = window;
    await palette(page, 'Welcome: Open Walkthrough...');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Train your first VAE' }).click();
    const steps = page.locator('.gettingStartedContainer .getting-started-step');
    await steps.nth(4).waitFor();
    expect(await page.locator('.gettingStartedContainer .step-title').allInnerTexts()).toEqual(['First run', 'Read the curves', 'Explore', 'Tune', 'Compare']);
    await steps.nth(4).click();
    await window.picture('walkthrough');
    await page.getByRole('button', { name: 'Show Runs' }).or(page.getByText('Show Runs')).first().click();
    await page.locator('.tab', { hasText: 'Runs' }).waitFor();
  });
});

// What a person does in VS Code's window, as functions of a Playwright page.

/** The workbench is there. */
export async function openWorkbench(page, address) {
  await page.goto(address);
  await page.locator('.monaco-workbench').waitFor({ timeout: 120_000 });
}

/** Opens a file in the first group through Quick Open, as a person with a keyboard does; `name` may begin with its folder. */
export async function openFile(page, name) {
  const [base, folder = ''] = name.split('/').reverse();
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input[type=text]');
  await input.waitFor();
  await input.fill(name);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: base }).filter({ hasText: folder }).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: base }).first().waitFor({ timeout: 60_000 });
}

/** Code lenses by their words. */
export const lens = (page, text) => page.locator('.codelens-decoration a', { hasText: text });

/** A command by its title, through the palette. */
export async function palette(page, title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type=text]');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor({ timeout: 30_000 });
  await page.keyboard.press('Enter');
}

/** The page inside the panel. */
export const panelFrame = (page) => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** Resolves when the panel's curves hold that many points. */
export async function waitForPoints(page, count, timeout = 120_000) {
  const curves = panelFrame(page).getByTestId('curves');
  await curves.waitFor({ timeout });
  const element = await curves.elementHandle();
  await element.evaluate((node, least) => new Promise((resolve) => {
    const enough = () => Number(node.getAttribute('data-points')) >= least;
    if (enough()) { resolve(); return; }
    const observer = new MutationObserver(() => { if (enough()) { observer.disconnect(); resolve(); } });
    observer.observe(node, { attributes: true });
  }), count);
}

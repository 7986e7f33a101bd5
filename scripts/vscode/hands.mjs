// What a person does in VS Code's window, as functions of a Playwright page.

/** The workbench is there. */
export async function openWorkbench(page, address) {
  await page.goto(address, { timeout: 120_000 });
  await page.locator('.monaco-workbench').waitFor({ timeout: 120_000 });
}

/** Enter, for the quick input and nobody else: what takes the focus in the last moment closes it, and the key goes there. */
async function take(page, input) {
  await input.evaluate((node) => {
    globalThis.taken = false;
    const look = (event) => {
      if (event.key !== 'Enter') return;
      globalThis.taken = event.target === node;
      globalThis.removeEventListener('keydown', look, true);
    };
    globalThis.addEventListener('keydown', look, true);
  });
  await page.keyboard.press('Enter');
  const taken = await page.evaluate(() => globalThis.taken).catch(() => true); // the window is loaded anew by it
  if (taken === false) throw new Error('Enter went elsewhere.');
}

/**
 * Opens the quick input by a key, types, and takes what `row` finds. What takes the focus meanwhile (a log that opens, an extension that is only
 * now there) closes it or leaves it without the row: then once more, as a person would.
 */
async function quickly(page, key, text, row, reach = async () => {}, attempts = 3) {
  const input = page.locator('.quick-input-widget input[type=text]');
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press(key);
      await input.fill(text, { timeout: 5000 });
      await row.waitFor({ timeout: 15_000 });
      await reach();
      await take(page, input);
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens a file in the first group through Quick Open, as a person with a keyboard does; `name` may begin with its folder. */
export async function openFile(page, name) {
  const [base, folder = ''] = name.split('/').reverse();
  await page.keyboard.press('Control+1');
  await quickly(page, 'Control+P', name, page.locator('.quick-input-list .monaco-list-row.focused', { hasText: base }).filter({ hasText: folder }));
  await page.locator('.tab.active', { hasText: base }).first().waitFor({ timeout: 60_000 });
}

/** Code lenses by their words. */
export const lens = (page, text) => page.locator('.codelens-decoration a', { hasText: text });

/** A command by its title, through the palette; one of exactly that title goes before others that hold its words. */
export async function palette(page, title) {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const exact = rows.filter({ has: page.locator('.label-name').filter({ hasText: new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) }) }).first();
  await quickly(page, 'F1', `>${title}`, rows.filter({ hasText: title }).first(), async () => {
    if (await exact.count() === 0) return;
    for (let down = 0; down < 20 && !await exact.evaluate((row) => row.classList.contains('focused')); down++) await page.keyboard.press('ArrowDown');
  });
}

/** A command that asks by a list in which `row` is; what takes the focus closes that list too: then once more. */
export async function paletteTo(page, title, row, attempts = 3) {
  for (let attempt = 1; ; attempt++) {
    await palette(page, title);
    try {
      await row.waitFor({ timeout: 15_000 });
      return;
    } catch (error) {
      if (attempt === attempts) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** The page inside the panel. */
export const panelFrame = (page) => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** The page inside the panel that was opened last, where there are several. */
export const lastFrame = (page) => page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');

/** Resolves when the panel's curves hold that many points; also where another panel, or another run's curves, take their place meanwhile. */
export async function waitForPoints(page, count, timeout = 120_000) {
  const curves = panelFrame(page).getByTestId('curves');
  for (;;) {
    await curves.waitFor({ timeout });
    try {
      const element = await curves.elementHandle();
      await element.evaluate((node, least) => new Promise((resolve, reject) => {
        const look = () => {
          const enough = Number(node.getAttribute('data-points')) >= least;
          if (!enough && node.isConnected) return false;
          if (enough) resolve(); else reject(new Error('The curves were detached.')); // those of the run before
          return true;
        };
        if (look()) return;
        const observer = new MutationObserver(() => { if (look()) observer.disconnect(); });
        observer.observe(node, { attributes: true });
        observer.observe(document, { childList: true, subtree: true });
      }), count);
      return;
    } catch (error) {
      if (!/detached|destroyed/i.test(String(error))) throw error;
    }
  }
}

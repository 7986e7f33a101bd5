import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../../scripts/vscode/hands.mjs';
import { openWindow, type Window } from './window';

const vsix = path.resolve('out/vae-lab.vsix');
let window: Window | undefined;
afterAll(async () => { await window?.close(); });

describe('the packed extension', () => {
  it('holds what runs and what is read, and nothing else, in under 6 MB', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/package.mjs'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('ERROR')]);
    expect(statSync(vsix).size).toBeLessThan(6 * 2 ** 20);
    const top = stdout.split('\n').flatMap((line) => /^ {3}[├└]─ (\S+)/.exec(line)?.[1] ?? []);
    expect(top.sort()).toEqual(['LICENSE.txt', 'changelog.md', 'dist/', 'docs/', 'l10n/', 'media/', 'node_modules/', 'package.json', 'package.nls.json', 'package.nls.zh-cn.json', 'readme.md']);
  });

  it('trains, samples and knows the types, installed in a VS Code without the clone', async () => {
    window = await openWindow({ vsix, files: { 'typed.vae.ts': 'import { vae, mnist } from \'vae-lab\';\nexport const wrong: number = mnist();\nexport const model = vae({});\n' } });
    const { page } = window;
    await openFile(page, 'typed.vae.ts');
    await palette(page, 'View: Focus Problems');
    await page.locator('.markers-panel .monaco-list-row', { hasText: "Type 'MnistDescription' is not assignable to type 'number'" }).waitFor();
    expect(await page.locator('.markers-panel .monaco-list-row', { hasText: 'Cannot find module' }).count()).toBe(0);
    await openFile(page, '01-sprites.vae.ts');
    await lens(page, 'Train VAE').first().click();
    await waitForPoints(page, 5);
    await lens(page, 'Sample').first().click();
    await panelFrame(page).getByTestId('drawn').waitFor();
  });
});

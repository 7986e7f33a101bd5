import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { isInside, sameFile } from '../../../src/runs/sameFile';

const top = realpathSync.native(mkdtempSync(path.join(os.tmpdir(), 'vae-lab-same-')));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const at = (...parts: string[]): string => path.join(top, ...parts);
mkdirSync(at('real', 'deep'), { recursive: true });
mkdirSync(at('other'));
writeFileSync(at('real', 'm.vae.ts'), '');
symlinkSync(at('real'), at('link'), 'junction');

describe('sameFile and isInside', () => {
  afterEach(() => { vi.unstubAllGlobals(); vi.resetModules(); });
  it('know a file by every way to its folder, also one that is not there', () => {
    for (const name of ['m.vae.ts', 'gone.vae.ts', path.join('deep', 'm.vae.ts')]) expect(sameFile(at('link', name), at('real', name)), name).toBe(true);
    for (const [a, b] of [[at('real', 'm.vae.ts'), at('real', 'n.vae.ts')], [at('real', 'm.vae.ts'), at('other', 'm.vae.ts')], ['/no/m.vae.ts', '/nowhere/m.vae.ts']] as const) expect(sameFile(a, b)).toBe(false);
    for (const folder of [at('real'), at('link'), top]) for (const file of [at('real', 'm.vae.ts'), at('link', 'deep', 'n.vae.ts')]) expect(isInside(folder, file)).toBe(true);
    for (const folder of [at('other'), at('real', 'deep'), at('re')]) expect(isInside(folder, at('link', 'm.vae.ts'))).toBe(false);
    expect(isInside(at('real'), at('real', '..hidden', 'm.vae.ts'))).toBe(true);
  });
  it.each(['win32', 'darwin'] as const)('on %s in any case', async (platform) => {
    vi.stubGlobal('process', { ...process, platform });
    const of = await import('../../../src/runs/sameFile');
    expect([of.sameFile('/C/m.vae.ts', '/c/M.vae.ts'), of.isInside('/C', '/c/d/m.vae.ts')]).toEqual([true, true]);
  });
  it.skipIf(process.platform !== 'linux')('on Linux as it is written', () => {
    expect([sameFile('/C/m.vae.ts', '/c/m.vae.ts'), sameFile('/c/M.vae.ts', '/c/m.vae.ts'), isInside('/C', '/c/d/m.vae.ts')]).toEqual([false, false, false]);
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInPage, packageIndexes, pipSettings } from '../../../src/components/packageIndex';
import { temporaryFolder } from '../../temporaryFolder';

const home = temporaryFolder();
const nowhere = { PIP_CONFIG_FILE: os.devNull };

describe('the package index', () => {
  it('is the one that pip would ask', async () => {
    mkdirSync(path.join(home, '.config', 'pip'), { recursive: true });
    writeFileSync(path.join(home, '.config', 'pip', 'pip.conf'), '# ours\n[global]\nindex-url = https://mirror.example/simple\nextra-index-url =\n    https://a.example/\n    https://b.example/x\n[freeze]\nindex-url = https://no.example/\n');
    const asked = async (env: NodeJS.ProcessEnv): Promise<string[]> => (await packageIndexes(env, 'linux', home)).map(String);
    expect(await asked({})).toEqual(['https://mirror.example/simple/', 'https://a.example/', 'https://b.example/x/']);
    expect(await asked({ PIP_INDEX_URL: 'https://me:pw@env.example/simple', PIP_EXTRA_INDEX_URL: '' })).toEqual(['https://me:pw@env.example/simple/']);
    expect(await asked(nowhere)).toEqual(['https://pypi.org/simple/']);
    await expect(asked({ PIP_INDEX_URL: 'mirror' })).rejects.toThrow(/The package index "mirror" of pip's configuration is not an address/);
  });
  it('reads pip\'s configuration as pip does', () => {
    expect([...pipSettings('index-url = https://outside/\n[global]\r\ntimeout: 60\r\nIndex_Url=https://x/\n; no\n[install]\nindex-url = https://y/ \n')]).toEqual([['timeout', '60'], ['index-url', 'https://y/']]);
  });
});

describe('a project\'s page', () => {
  const base = new URL('https://index.example/simple/tiny/');
  it('is read in both of its forms', () => {
    const html = '<a data-x="1" href="../../packages/a%2Bb.whl?t=1&amp;u=2#sha256=00">a+b.whl</a>\n<A HREF=\'https://files.example/c.whl\'>c.whl</A><a href="http://">bad</a>';
    expect(findInPage(html, 'text/html', base, 'a+b.whl')?.href).toBe('https://index.example/packages/a%2Bb.whl?t=1&u=2#sha256=00');
    expect(findInPage(html, 'application/vnd.pypi.simple.v1+html', base, 'c.whl')?.href).toBe('https://files.example/c.whl');
    expect(findInPage(html, 'text/html', base, 'b.whl')).toBeUndefined();
    const json = JSON.stringify({ meta: {}, files: [{ filename: 'a.whl', url: '/packages/a.whl', hashes: {} }] });
    expect(findInPage(json, 'application/vnd.pypi.simple.v1+json', base, 'a.whl')?.href).toBe('https://index.example/packages/a.whl');
    expect(findInPage('{"files":7}', 'application/json', base, 'a.whl')).toBeUndefined();
  });
});

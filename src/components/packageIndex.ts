import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { httpGet, shown } from './httpGet';
import { SetUpError } from './setUpError';
import type { PinnedFile } from './tensorflowSource';
import { errorText } from '../protocol/errorText';

const PYPI = 'https://pypi.org/simple/';
const IDLE_MS = 30_000;

/** pip's configuration files, the most telling last. */
function configFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string[] {
  if (env['PIP_CONFIG_FILE'] !== undefined) return env['PIP_CONFIG_FILE'] === os.devNull ? [] : [env['PIP_CONFIG_FILE']];
  const user = path.join(env['XDG_CONFIG_HOME'] ?? path.join(home, '.config'), 'pip', 'pip.conf');
  const ofVirtualEnv = env['VIRTUAL_ENV'] === undefined ? [] : [path.join(env['VIRTUAL_ENV'], platform === 'win32' ? 'pip.ini' : 'pip.conf')];
  if (platform === 'win32') return [path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'pip', 'pip.ini'), ...ofVirtualEnv];
  const global = platform === 'darwin' ? ['/Library/Application Support/pip/pip.conf', path.join(home, 'Library', 'Application Support', 'pip', 'pip.conf')] : ['/etc/xdg/pip/pip.conf', '/etc/pip.conf'];
  return [...global, path.join(home, '.pip', 'pip.conf'), user, ...ofVirtualEnv];
}

/** `key = value` of the sections that `pip install` reads; a value may go on in indented lines. */
export function pipSettings(ini: string): Map<string, string> {
  const settings = new Map<string, string>();
  let section = '';
  let last: string | undefined;
  for (const line of ini.split(/\r?\n/)) {
    if (/^\s*[#;]/.test(line)) continue;
    const header = /^\[(.+)\]\s*$/.exec(line)?.[1];
    const [, key, value] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (header !== undefined) { section = header.trim(); last = undefined; }
    else if (key !== undefined && ['global', 'install', 'download'].includes(section)) settings.set(last = key.toLowerCase().replaceAll('_', '-'), (value ?? '').trim());
    else if (last !== undefined && /^\s+\S/.test(line)) settings.set(last, `${settings.get(last) ?? ''} ${line.trim()}`.trim());
  }
  return settings;
}

/** The package indexes that pip would ask on this machine, in its order: PIP_INDEX_URL, its configuration files, else PyPI itself. Each ends in '/'. */
export async function packageIndexes(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform, home = os.homedir()): Promise<URL[]> {
  const settings = new Map<string, string>();
  for (const file of configFiles(env, platform, home)) {
    const ini = await readFile(file, 'utf8').catch(() => '');
    for (const [key, value] of pipSettings(ini)) settings.set(key, value);
  }
  const addresses = [env['PIP_INDEX_URL'] ?? settings.get('index-url') ?? PYPI, ...(env['PIP_EXTRA_INDEX_URL'] ?? settings.get('extra-index-url') ?? '').split(/\s+/)].filter((address) => address !== '');
  return addresses.map((address) => {
    try {
      return new URL(address.endsWith('/') ? address : `${address}/`);
    } catch {
      throw new SetUpError(`The package index "${address}" of pip's configuration is not an address. Correct PIP_INDEX_URL or pip's configuration.`);
    }
  });
}

const json = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });
const unescape = (attribute: string): string => attribute.replace(/&(amp|quot|#39|lt|gt);/g, (_, name: string) => ({ amp: '&', quot: '"', '#39': "'", lt: '<', gt: '>' })[name] ?? '');

/** The address of a file in a project's page, in either form that an index may answer with (PEP 691's JSON, PEP 503's HTML). */
export function findInPage(page: string, contentType: string, base: URL, name: string): URL | undefined {
  if (/json/i.test(contentType)) {
    const found = json.safeParse(JSON.parse(page)).data?.files.find(({ filename }) => filename === name);
    return found && new URL(found.url, base);
  }
  for (const [, , quoted] of page.matchAll(/<a\s[^>]*?href\s*=\s*(["'])(.*?)\1/gis)) {
    if (!URL.canParse(unescape(quoted ?? ''), base.href)) continue;
    const address = new URL(unescape(quoted ?? ''), base);
    if (decodeURIComponent(address.pathname.slice(address.pathname.lastIndexOf('/') + 1)) === name) return address;
  }
  return undefined;
}

/**
 * Where a pinned wheel can be fetched, by the first index that has it. An index's login goes with the address if the file is on the same host.
 * @throws SetUpError telling what each index said; AbortError
 */
export async function locate(file: PinnedFile, indexes: readonly URL[], options: { signal?: AbortSignal | undefined; env?: NodeJS.ProcessEnv | undefined; idleMs?: number | undefined } = {}): Promise<URL> {
  const failures: string[] = [];
  for (const index of indexes) {
    const page = new URL(`${file.project ?? ''}/`, index);
    const limit = AbortSignal.timeout(options.idleMs ?? IDLE_MS);
    try {
      const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
      const { status, headers, body, address } = await httpGet(page, { signal, env: options.env, headers: { accept: 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1' } });
      const content = await text(body);
      if (status !== 200) { failures.push(`${shown(page)} answered ${status}`); continue; }
      const found = findInPage(content, headers['content-type'] ?? '', address, file.name);
      if (!found) { failures.push(`${shown(page)} does not list it`); continue; }
      if (found.host === index.host && !found.username) [found.username, found.password] = [index.username, index.password];
      found.hash = '';
      return found;
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof SetUpError && indexes.length === 1) throw error;
      failures.push(limit.aborted ? `${shown(page)} did not answer` : error instanceof SetUpError ? error.message : `${shown(page)}: ${errorText(error)}`);
    }
  }
  throw new SetUpError(`${file.name} was not found. ${failures.join('; ')}. Check the network, and PIP_INDEX_URL or pip's configuration if a mirror is meant to be used.`);
}

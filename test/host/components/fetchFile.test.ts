import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchLibrary, type LibraryFile } from '../../../src/components/fetchLibrary';
import { httpGet, proxyFor, shown } from '../../../src/components/httpGet';
import { PackageIndex, sha256 } from './index';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-fetch-'));
const content = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * 2654435761) >>> 24));
let index: PackageIndex;
let target: string;
beforeEach(async () => {
  index = await new PackageIndex().start();
  index.add('p', 'f', content);
  target = path.join(mkdtempSync(path.join(top, 'f-')), 'f');
});
afterEach(() => { index.stop(); });
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const address = (): string => index.address.replace('simple', 'files/p') + 'f';
const get = (options: Partial<LibraryFile> = {}): Promise<void> => fetchLibrary({ address: address(), target, sha256: sha256(content), bytes: content.length, env: {}, ...options });

describe('fetchFile', () => {
  it('goes on where the connection was cut, again and again', async () => {
    const cuts = [1000, 150_000, 399_999];
    index.intercept = (request, response) => {
      const [from, to] = [Number(/(\d+)-/.exec(request.headers.range ?? '0-')?.[1]), cuts.shift()];
      if (to === undefined) return false;
      response.writeHead(from ? 206 : 200, { 'content-length': content.length - from }).write(content.subarray(from, to));
      const whenThere = setInterval(() => { if (existsSync(`${target}.part`) && readFileSync(`${target}.part`).length === to) { clearInterval(whenThere); response.destroy(); } }, 5);
      return true;
    };
    const done: number[] = [];
    await get({ onBytes: (bytes) => { done.push(bytes); } });
    expect(index.asked).toEqual(['/files/p/f', '/files/p/f bytes=1000-', '/files/p/f bytes=150000-', '/files/p/f bytes=399999-']);
    expect(done.at(-1)).toBe(content.length);
    expect([sha256(readFileSync(target)), existsSync(`${target}.part`)]).toEqual([sha256(content), false]);
  });
  it('asks a server again that sends nothing or is overloaded, and gives up with a sentence', async () => {
    let count = 0;
    index.intercept = (_, response) => { if (++count === 1) return true; if (count > 2) return false; response.writeHead(503).end(); return true; };
    await get({ idleMs: 150 });
    expect(index.asked).toHaveLength(3);
    index.intercept = () => true;
    rmSync(target);
    await expect(get({ idleMs: 20 })).rejects.toThrow(/^f could not be downloaded: http:.*\/files\/p\/f sent nothing for 0\.02 seconds\. Check the network and set up again; what has come so far is kept\.$/);
    expect(index.asked).toHaveLength(3 + 5);
  });
  it('starts anew when what was kept is of another file, longer or shorter', async () => {
    for (const kept of [Buffer.alloc(1000), Buffer.alloc(content.length + 5), Buffer.alloc(content.length)]) {
      writeFileSync(`${target}.part`, kept);
      await get();
      expect(sha256(readFileSync(target))).toBe(sha256(content));
      rmSync(target);
    }
  });
  it('keeps a file that is there already, and not one that differs', async () => {
    writeFileSync(target, content);
    await get();
    expect(index.asked).toEqual([]);
    writeFileSync(target, 'half');
    await get();
    expect(sha256(readFileSync(target))).toBe(sha256(content));
  });
  it('takes a server that ignores ranges', async () => {
    writeFileSync(`${target}.part`, content.subarray(0, 5000));
    index.intercept = (_, response) => { response.writeHead(200, { 'content-length': content.length }).end(content); return true; };
    await get();
    expect(index.asked).toEqual(['/files/p/f bytes=5000-']);
    expect(sha256(readFileSync(target))).toBe(sha256(content));
  });
  it('says that the server cannot be reached', async () => {
    const there = address();
    index.stop();
    await expect(get({ address: there })).rejects.toThrow(/^f could not be downloaded: http:.*\/files\/p\/f cannot be reached \(.*ECONNREFUSED.*\)\. Check the network/);
  });
  it('says that another file is offered, by its size', async () => {
    await expect(get({ bytes: 7 })).rejects.toThrow(/offers a file of 400000 bytes instead of 7\. The server or a proxy changes the file\.$/);
  });
});

describe('httpGet', () => {
  it('follows redirects, and sends a login to its own host alone', async () => {
    const logins: (string | undefined)[] = [];
    const other = await new PackageIndex().start();
    other.intercept = (request, response) => { logins.push(request.headers.authorization); response.end('there'); return true; };
    index.intercept = (request, response) => { logins.push(request.headers.authorization); response.writeHead(302, { location: other.address }).end(); return true; };
    const { status, address: end, body } = await httpGet(index.address.replace('//', '//me:p%40ss@'), { env: {} });
    body.resume();
    expect([status, end.href]).toEqual([200, other.address]);
    expect(logins).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`, undefined]);
    other.stop();
    index.intercept = (request, response) => { response.writeHead(302, { location: request.url }).end(); return true; };
    await expect(httpGet(index.address, { env: {} })).rejects.toThrow(/leads in a circle/);
    expect(shown('https://me:secret@host/simple/?token=1')).toBe('https://host/simple/');
  });
  it('goes through the proxy of the environment', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => { seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`); response.end('by proxy'); });
    proxy.on('connect', (request, socket) => { seen.push(`CONNECT ${request.url ?? ''}`); socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'); });
    await new Promise<void>((resolve) => { proxy.listen(0, '127.0.0.1', resolve); });
    const at = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const { body } = await httpGet('http://index.invalid/simple/', { env: { http_proxy: `me:pw@${at}` } });
    body.resume();
    await expect(httpGet('https://index.invalid/simple/', { env: { HTTPS_PROXY: `http://${at}` } })).rejects.toThrow(`The proxy http://${at}/ refuses a connection to index.invalid:443 (407).`);
    expect(seen).toEqual([`GET http://index.invalid/simple/ Basic ${Buffer.from('me:pw').toString('base64')}`, 'CONNECT index.invalid:443']);
    proxy.close();
    await expect(httpGet('https://index.invalid/', { env: { HTTPS_PROXY: `http://${at}` } })).rejects.toThrow(/^The proxy .* cannot be reached/);
  });
  it('leaves out the hosts of NO_PROXY', () => {
    const env = { HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'localhost,.corp.example, 10.0.0.1:8080' };
    const at = (address: string): string | undefined => proxyFor(new URL(address), env)?.host;
    expect([at('https://pypi.org/'), at('http://pypi.org/'), at('https://localhost/'), at('https://a.corp.example/'), at('https://corp.example/'), at('https://notcorp.example/')]).toEqual(['proxy:3128', undefined, undefined, undefined, undefined, 'proxy:3128']);
    expect(() => proxyFor(new URL('https://a/'), { HTTPS_PROXY: 'http://' })).toThrow(/is not an address/);
  });
});

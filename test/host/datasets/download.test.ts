import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gunzip } from '../../../src/host/datasets/gunzip';
import { download, md5 } from '../../../src/host/datasets/download';
import { Random } from '../../../src/host/training/index';
import { temporaryFolder } from '../../temporaryFolder';

const random = new Random(1);
const content = Uint8Array.from({ length: 300_000 }, () => random.uint32() & 255);
const packed = gzipSync(content);
let server: Server;
let folder: string;
let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;
let asked: string[];

/** Sends all, or what the Range asks for. */
function send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array = packed): void {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from }).end(bytes.subarray(from));
}
beforeEach(async () => {
  asked = [];
  folder = temporaryFolder();
  server = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.range ?? ''}`.trim());
    answer(request, response, asked.length);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
});
afterEach(() => { server.closeAllConnections(); server.close(); });

async function fetchIt({ md5Of = 'unpacked', ...rest }: { md5Of?: 'file' | 'unpacked'; signal?: AbortSignal; idleMs?: number; folder?: string; onProgress?: (what: string, fraction?: number) => void } = {}): Promise<Uint8Array> {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const base = `http://127.0.0.1:${address.port}`;
  return readFile(await download({ dataset: 'x()', mirrors: [`${base}/a/`, `${base}/b/`], file: { name: 'x.gz', md5: md5(md5Of === 'file' ? packed : content), md5Of }, folder, ...rest }));
}

describe('download', () => {
  it('keeps the unpacked file and tells of progress', async () => {
    answer = (request, response) => { send(request, response); };
    const fractions: (number | undefined)[] = [];
    expect(md5(await fetchIt({ onProgress: (_, fraction) => { fractions.push(fraction); } }))).toBe(md5(content));
    expect(fractions.at(-1)).toBe(1);
    expect(await readdir(folder)).toEqual(['x']);
    expect(md5(await readFile(path.join(folder, 'x')))).toBe(md5(content));
  });
  it('goes on where a connection was cut', async () => {
    answer = (request, response, count) => {
      if (count > 1) { send(request, response); return; }
      response.writeHead(200, { 'content-length': packed.length }).write(packed.subarray(0, 100_000), () => { setTimeout(() => response.destroy(), 50); });
    };
    expect(md5(await fetchIt())).toBe(md5(content));
    expect(asked).toEqual(['/a/x.gz', '/a/x.gz bytes=100000-']);
  });
  it('takes the next mirror on 404 and on a wrong checksum', async () => {
    answer = (request, response) => { if (request.url?.startsWith('/a/')) response.writeHead(404).end(); else send(request, response); };
    await fetchIt();
    expect(asked).toEqual(['/a/x.gz', '/b/x.gz']);
    answer = (request, response) => { send(request, response, request.url?.startsWith('/a/') ? gzipSync('other') : packed); };
    await fetchIt();
    await fetchIt({ md5Of: 'file' });
    expect(asked.slice(2)).toEqual(['/a/x.gz', '/b/x.gz', '/a/x.gz', '/b/x.gz']);
  });
  it('tells what each mirror said, and leaves nothing behind', async () => {
    answer = (request, response) => { if (request.url?.startsWith('/a/')) response.writeHead(404).end(); else send(request, response, gzipSync('other')); };
    await expect(fetchIt()).rejects.toThrow(/x\.gz could not be downloaded: .*\/a\/x\.gz answered 404; what .*\/b\/x\.gz sends has another checksum\. .* put the files of x\(\) into a folder/);
    expect(await readdir(folder)).toEqual([]);
  });
  it('gives up a mirror that sends nothing', async () => {
    answer = (request, response) => { if (request.url?.startsWith('/b/')) send(request, response); };
    expect(md5(await fetchIt({ idleMs: 200 }))).toBe(md5(content));
  });
  it('can be cancelled', async () => {
    const abort = new AbortController();
    answer = (_, response) => { response.writeHead(200, { 'content-length': packed.length }).write(packed.subarray(0, 1000)); };
    await expect(fetchIt({ signal: abort.signal, onProgress: () => { abort.abort(); } })).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked).toHaveLength(1);
  });
  it('says so when the folder cannot be written', async () => {
    answer = (request, response) => { send(request, response); };
    await writeFile(path.join(folder, 'file'), '');
    await expect(fetchIt({ folder: path.join(folder, 'file') })).rejects.toThrow(/The data folder .*file cannot be written \((EEXIST|ENOTDIR)\)/);
  });
});

describe('what a mirror packed', () => {
  it('is not unpacked where it is more than any data set', () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 20));
    expect(gunzip(bomb).length).toBe(2 ** 20);
    expect(() => gunzip(bomb, 2 ** 20 - 1)).toThrow(expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }));
  });
});

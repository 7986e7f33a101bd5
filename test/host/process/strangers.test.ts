import { once } from 'node:events';
import { chmod, lstat, readFile, symlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HostStartError } from '../../../src/client/hosts';
import { PROTOCOL_VERSION } from '../../../src/protocol/hostApi';
import { findHost } from '../../../src/runs/registry';
import { encodeFrame } from '../../../src/wire/frames';
import { hosts, model, reached, step } from './running';

const self = hosts();
const { start } = self;
const request = (method: string, params: object, id = 1): Buffer => encodeFrame({ jsonrpc: '2.0', id, method, params });
const header = (json: number, blobs = ''): Buffer => Buffer.from(`Content-Length: ${json}\r\nBlob-Lengths: ${blobs}\r\n\r\n`);
const closed = (socket: net.Socket): Promise<void> => new Promise((resolve) => { socket.once('close', () => { resolve(); }); });
const before = process.env['XDG_RUNTIME_DIR'];
afterEach(() => { if (before === undefined) delete process.env['XDG_RUNTIME_DIR']; else process.env['XDG_RUNTIME_DIR'] = before; });

/** What a host is sent, what it answers, and what its log says. */
const strangers: [what: string, sent: (token: string) => Buffer, answer: RegExp, logged: RegExp][] = [
  ['a wrong token', () => request('hello', { token: 'x'.repeat(64), protocolVersion: PROTOCOL_VERSION }), /The token is wrong/, /its token is wrong/],
  ['a token of another length', () => request('hello', { token: '', protocolVersion: PROTOCOL_VERSION }), /The token is wrong/, /its token is wrong/],
  ['no token', () => request('stop', {}), /Say hello with the token first/, /it did not say hello first/],
  ['no token, but a call that ends hosts', () => request('shutdown', {}), /Say hello with the token first/, /it did not say hello first/],
  ['another version', (token) => request('hello', { token, protocolVersion: PROTOCOL_VERSION + 1 }), /This host speaks protocol/, /it speaks protocol/],
  ['another protocol', () => Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), /^$/, /A frame header is not understood/],
  ['garbage', () => Buffer.alloc(100_000, 0xa5), /^$/, /No frame header was found/],
  ['JSON that is no message', () => Buffer.concat([header(4), Buffer.from('null')]), /^$/, /A frame holds no message/],
  ['a frame of 4 GB', () => header(4 * 2 ** 30 - 1), /^$/, /A frame of 4294967295 bytes is over the limit of 4096/],
  ['bytes of 4 GB beside a message', () => header(2, String(4 * 2 ** 30 - 1)), /^$/, /A frame of 4294967297 bytes is over the limit/],
  ['a large frame before it said hello', () => header(1_000_000), /^$/, /A frame of 1000000 bytes is over the limit of 4096/],
];

describe('a host', () => {
  it('refuses strangers, says so in its log, and trains on', async () => {
    const run = await start(model(100_000));
    await reached(run, 'running');
    const { socket = '', token = '' } = await findHost(run.runId) ?? {};
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    for (const [what, sent, answer, logged] of strangers) {
      const stranger = net.connect(socket);
      let said = '';
      stranger.on('data', (chunk: Buffer) => { said += chunk.toString('latin1'); });
      stranger.on('error', () => { /* closed with bytes unread */ });
      stranger.write(sent(token));
      await closed(stranger);
      expect([what, said.replace(/^[\s\S]*\r\n\r\n/, '')]).toEqual([what, expect.stringMatching(answer)]);
      expect([what, (await readFile(path.join(run.dir, 'host.log'), 'utf8')).split('\n').filter((line) => line.startsWith('A connection was')).at(-1)]).toEqual([what, expect.stringMatching(logged)]);
    }
    const { manifest: { state, lastStep } } = await run.api.request('snapshot', {});
    expect(state.kind).toBe('running');
    await step(run, lastStep + 5);
  });

  it('gives a frame of 4 GB no memory, even to one who said hello', async () => {
    const run = await start(model(100_000));
    await reached(run, 'running');
    const { socket = '', token = '', pid = 0 } = await findHost(run.runId) ?? {};
    const rss = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''))?.[1] ?? 0) / 1024;
    const friend = net.connect(socket);
    friend.write(request('hello', { token, protocolVersion: PROTOCOL_VERSION }));
    await once(friend, 'data');
    const memory = await rss();
    friend.on('error', () => { /* closed with bytes unread */ });
    friend.write(header(4 * 2 ** 30 - 1));
    friend.write(Buffer.alloc(2 ** 20, 0x20));
    await closed(friend);
    expect(await rss() - memory).toBeLessThan(64);
    await step(run, (await run.api.request('snapshot', {})).manifest.lastStep + 5);
  });

  it.skipIf(process.platform === 'win32')('listens in a folder that only the user can enter', async () => {
    const run = await start(model(100_000));
    const { socket = '' } = await findHost(run.runId) ?? {};
    const folder = await lstat(path.dirname(socket));
    expect([folder.mode & 0o777, folder.uid]).toEqual([0o700, process.getuid?.()]);
    const registry = path.join(process.env['VAE_LAB_STATE'] ?? '', 'hosts');
    expect([(await lstat(registry)).mode & 0o777, (await lstat(path.join(registry, `${run.runId}.json`))).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it.skipIf(process.platform === 'win32')('does not listen in a folder that others can enter, or to which a link leads', async () => {
    process.env['XDG_RUNTIME_DIR'] = self.top;
    const folder = path.join(self.top, `vae-lab-${process.getuid?.() ?? 0}`);
    await start(model(100_000)); // makes it
    await chmod(folder, 0o755);
    await expect(start(model(1))).rejects.toThrow(/is open to other users/);
    await chmod(folder, 0o700);
    process.env['XDG_RUNTIME_DIR'] = path.join(self.top, 'state');
    await symlink(folder, path.join(self.top, 'state', path.basename(folder)));
    await expect(start(model(1))).rejects.toThrow(HostStartError);
  });
});

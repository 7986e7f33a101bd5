import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findHost } from '../../../src/runs/registry';
import { hosts, kill, model, reached, step } from './running';

const self = hosts();
/** Loaded into the host before anything else: writes down every name that is looked up, every connection that is opened and every port that is listened on. */
const spy = (log: string): string => `
const fs = require('node:fs'), net = require('node:net'), dns = require('node:dns'), dgram = require('node:dgram');
const say = (what, ...args) => fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify([what, ...args]) + '\\n');
const wrap = (of, name, what, show) => { const real = of[name]; of[name] = function (...args) { say(what, show(args)); return real.apply(this, args); }; };
const first = ([address]) => typeof address === 'object' && address !== null ? address.path ?? address.host ?? JSON.stringify(address) : String(address);
wrap(net.Socket.prototype, 'connect', 'connect', ([address]) => { const options = Array.isArray(address) ? address[0] : address; return first([options]); });
wrap(net.Server.prototype, 'listen', 'listen', first);
wrap(dns, 'lookup', 'lookup', first);
wrap(dns.promises, 'lookup', 'lookup', first);
wrap(dgram, 'createSocket', 'datagram', first);
say('spying');
`;
let log: string;
beforeEach(() => {
  log = path.join(self.top, `spied-${randomUUID()}`);
  writeFileSync(path.join(self.top, 'spy.cjs'), spy(log));
  process.env['NODE_OPTIONS'] = `--require ${path.join(self.top, 'spy.cjs')}`;
  delete process.env['ORT_DISABLE_TELEMETRY']; // a host sets it for itself
});
afterEach(() => {
  for (const name of ['NODE_OPTIONS', 'TMPDIR', 'XDG_CACHE_HOME']) Reflect.deleteProperty(process.env, name);
});

/** Sockets that a process has open, as the system knows them: other than Unix ones by their table, those by their path. */
function openSockets(pid: number): string[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => { try { return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []; } catch { return []; } }));
  return ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6', 'packet', 'netlink'].flatMap((table) => {
    let text = '';
    try { text = readFileSync(`/proc/${pid}/net/${table}`, 'utf8'); } catch { return []; }
    return text.split('\n').slice(1).filter((line) => line.trim().split(/\s+/).some((field) => inodes.has(field))).map((line) => `${table} ${line.trim()}`);
  });
}

describe('training', () => {
  // onnxruntime tells of models by sockets of its own, which no spy in JavaScript sees; what it is about to say it writes into files first.
  it.skipIf(process.platform !== 'linux')('uses no library that keeps something to be told', async () => {
    const folders = { TMPDIR: path.join(self.top, 'temporary'), XDG_CACHE_HOME: path.join(self.top, 'cache') };
    for (const folder of Object.values(folders)) mkdirSync(folder);
    Object.assign(process.env, folders);
    const run = await self.start(model(30), { engine: 'compiled' });
    await reached(run, 'completed');
    await kill(run);
    expect(Object.values(folders).flatMap((folder) => readdirSync(folder)).filter((name) => !/^vae-lab-\d+$/.test(name))).toEqual([]);
  });

  it.each(['compiled', 'wasm'])('opens no socket but its own, and looks up no name (%s)', async (engine) => {
    const run = await self.start(model(30), { engine });
    const { pid = 0, socket } = await findHost(run.runId) ?? {};
    await step(run, 20);
    if (process.platform === 'linux') expect(openSockets(pid)).toEqual([]);
    await run.api.request('sample', { count: 4, seed: 1 });
    await reached(run, 'completed');
    const folder = path.dirname(socket ?? '');
    const said = readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as [string, string?]);
    expect(said.filter(([what]) => what === 'spying').length).toBeGreaterThan(0);
    // Its own socket, and those of hosts that were killed, to see that nobody listens on them.
    expect(said.filter(([what, where]) => what !== 'spying' && path.dirname(where ?? '') !== folder)).toEqual([]);
    expect(said.filter(([what]) => what === 'listen')).toEqual([['listen', socket]]);
  });

  it('would be seen to', async () => {
    const run = await self.start(model(2, "import net from 'node:net'; net.connect({ port: 9, host: '127.0.0.1' }).on('error', () => {});"));
    await reached(run, 'completed');
    expect(readFileSync(log, 'utf8')).toContain('["connect","127.0.0.1"]');
  });
});

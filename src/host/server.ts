import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { hostRequests, PROTOCOL_VERSION, type HostEvent, type HostEvents } from '../protocol/hostApi';
import { serve, type HostHandlers } from '../protocol/rpc';
import { processStart } from '../runs/processStart';
import { registerHost, unregisterHost, type Endpoint } from '../runs/registry';
import { sweepScratch } from '../runs/scratch';
import { createSocketConnection } from '../wire/connection';
import { MAX_FRAME_BYTES } from '../wire/frames';

/** Short (socket paths are cut silently at about 100 bytes) and the user's alone. */
async function socketPath(): Promise<string> {
  const name = randomBytes(8).toString('hex');
  if (process.platform === 'win32') return `\\\\.\\pipe\\vae-lab-${name}`;
  const folder = path.join(process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(), `vae-lab-${process.getuid?.() ?? 0}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder); // not where a link of another user leads
  const { uid, mode } = found;
  if (!found.isDirectory() || uid !== process.getuid?.() || (mode & 0o077) !== 0) throw new Error(`The folder ${folder} is open to other users. Delete it, or set its mode to 700.`);
  await removeStale(folder);
  return path.join(folder, `${name}.sock`);
}

/** A host makes its socket and listens on it within this time. */
const LISTENING_MS = 250;
/** Sockets that nobody listens on: their hosts were killed. */
async function removeStale(folder: string): Promise<void> {
  const sockets = (await readdir(folder)).filter((name) => name.endsWith('.sock')).map((name) => path.join(folder, name));
  await Promise.all(sockets.map(async (file) => {
    const age = await lstat(file).then(({ ctimeMs }) => Date.now() - ctimeMs, () => 0);
    if (age > LISTENING_MS) await removeUnheard(file);
  }));
}
function removeUnheard(file: string): Promise<void> {
  return new Promise((resolve) => {
    const probe = net.connect(file);
    probe.once('connect', () => { probe.destroy(); resolve(); });
    probe.once('error', (error) => { void ('code' in error && error.code === 'ECONNREFUSED' ? rm(file, { force: true }) : Promise.resolve()).then(resolve, resolve); });
  });
}

/** Takes the same time whatever is given. */
const sameToken = (given: string, token: string): boolean => timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(token).digest());

/** Who has not said who they are is given little memory and little time. */
const HELLO_BYTES = 4096;
const HELLO_MS = 10_000;
/** A host that slept itself first reads what was said meanwhile. */
const WAKING_MS = 1000;

/** Serves a run on a socket to whoever knows its token. */
export class HostServer {
  readonly #greeted = new Set<MessageConnection>();
  readonly #token = randomBytes(32).toString('hex');
  #socket = '';
  #server: net.Server | undefined;
  /** Calls that are not answered yet. */
  #answering = 0;
  /** Somebody came, went, asked or was answered. */
  #onStir: () => void = () => undefined;

  constructor(private readonly runId: string, private readonly dir: string, private readonly role: 'trainer' | 'viewer', private readonly handlers: Omit<HostHandlers, 'hello'>, private readonly unclaim: () => Promise<void>) {}

  async listen(): Promise<void> {
    sweepScratch();
    this.#socket = await socketPath();
    this.#server = net.createServer((socket) => { this.#accept(socket); });
    await new Promise<void>((resolve, reject) => { this.#server?.once('error', reject).listen(this.#socket, resolve); });
    await this.register();
  }

  /** Tells where it listens, and what its run came to where that cannot be read in its folder. */
  register(ended?: Endpoint['ended']): Promise<void> {
    return registerHost(this.runId, { dir: this.dir, socket: this.#socket, token: this.#token, pid: process.pid, processStart: processStart(process.pid) ?? '', ...(ended ? { ended } : {}) });
  }

  get connections(): number { return this.#greeted.size; }

  #accept(socket: net.Socket): void {
    const greeted = (): boolean => this.#greeted.has(connection);
    const connection = createSocketConnection(socket, { limit: () => (greeted() ? MAX_FRAME_BYTES : HELLO_BYTES), onFault: (error) => { console.error(`A connection was closed: ${error.message}`); } });
    let patience = setTimeout(() => { patience = setTimeout(() => { refuse('it did not say hello'); }, WAKING_MS); }, HELLO_MS);
    const refuse = (why: string): void => {
      console.error(`A connection was refused: ${why}.`);
      clearTimeout(patience);
      socket.end(); // after the answer that says so
    };
    const handlers: HostHandlers = {
      ...this.handlers,
      hello: ({ token, protocolVersion }) => {
        if (!sameToken(token, this.#token)) {
          setImmediate(refuse, 'its token is wrong');
          throw new Error('The token is wrong.');
        }
        if (protocolVersion !== PROTOCOL_VERSION) {
          setImmediate(refuse, `it speaks protocol ${protocolVersion}, not ${PROTOCOL_VERSION}`);
          throw new Error(`This host speaks protocol ${PROTOCOL_VERSION}, not ${protocolVersion}. Stop the run and start it again.`);
        }
        clearTimeout(patience);
        this.#greeted.add(connection);
        this.#onStir();
        return Promise.resolve({ runId: this.runId, pid: process.pid, role: this.role });
      },
    };
    serve(connection, hostRequests, handlers, {
      refuse: (method) => {
        if (method === 'hello' || greeted()) return undefined;
        setImmediate(refuse, 'it did not say hello first');
        return 'Say hello with the token first.';
      },
      onCall: (change) => {
        this.#answering += change;
        this.#onStir();
      },
    });
    socket.on('close', () => {
      clearTimeout(patience);
      if (this.#greeted.delete(connection)) this.#onStir();
    });
    connection.listen();
  }

  broadcast<E extends HostEvent>(event: E, payload: HostEvents[E]): void {
    for (const connection of this.#greeted) void connection.sendNotification(event, payload).catch(() => undefined); // its close says it
  }

  /** Resolves when nobody has been connected for so many milliseconds (`alone`), or nobody of those who are has asked anything for so many (`silent`): a finished run is served until then. */
  idle({ alone, silent }: { readonly alone: number; readonly silent: number }): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      this.#onStir = () => {
        clearTimeout(timer);
        if (this.#answering === 0) timer = setTimeout(resolve, this.#greeted.size === 0 ? alone : silent);
      };
      this.#onStir();
    });
  }

  async close(): Promise<void> {
    await unregisterHost(this.runId, this.#socket);
    for (const connection of this.#greeted) connection.end();
    this.#server?.close();
    if (process.platform !== 'win32') await rm(this.#socket, { force: true });
    await this.unclaim();
  }
}

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
type Handler = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A package index (PEP 503) and its files on this machine, that notes what it was asked. `intercept` may answer in its place. */
export class PackageIndex {
  readonly asked: string[] = [];
  readonly projects = new Map<string, Map<string, Uint8Array>>();
  intercept: Handler = () => false;
  readonly #server: Server = createServer((request, response) => {
    this.asked.push(`${request.url ?? ''} ${request.headers.range ?? ''}`.trim());
    if (!this.intercept(request, response)) this.#answer(request, response);
  });
  #port = 0;

  get address(): string { return `http://127.0.0.1:${this.#port}/simple/`; }
  get env(): NodeJS.ProcessEnv { return { ...process.env, PIP_INDEX_URL: this.address, PIP_EXTRA_INDEX_URL: '', NO_PROXY: '127.0.0.1' }; }
  async start(): Promise<this> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve); });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    this.#port = address.port;
    return this;
  }
  stop(): void { this.#server.closeAllConnections(); this.#server.close(); }
  add(project: string, name: string, bytes: Uint8Array): void {
    this.projects.set(project, (this.projects.get(project) ?? new Map<string, Uint8Array>()).set(name, bytes));
  }
  /** All of a file, or what the Range asks for. */
  static send(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= bytes.length) { response.writeHead(416).end(); return; }
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from, 'content-type': 'application/octet-stream' }).end(bytes.subarray(from));
  }
  #answer(request: IncomingMessage, response: ServerResponse): void {
    const [, kind, project = '', name = ''] = (request.url ?? '').split('/');
    const files = this.projects.get(project);
    const file = files?.get(decodeURIComponent(name));
    if (kind === 'simple' && files) {
      const links = [...files.keys()].map((file) => `<a href="../../files/${project}/${encodeURIComponent(file)}#sha256=0&amp;x" data-requires-python="&gt;=3.10">${file}</a><br/>`);
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<!DOCTYPE html><html><body>\n${links.join('\n')}\n</body></html>`);
    } else if (kind === 'files' && file) PackageIndex.send(request, response, file);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('no such thing');
  }
}

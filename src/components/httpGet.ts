import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import type { Duplex } from 'node:stream';
import { codeOf, SetUpError } from './setUpError';

const REDIRECTS = 10;
const untrusted = ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'];
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Where the proxies are named: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, in either case of letters. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}
export interface Answer { readonly status: number; readonly headers: http.IncomingHttpHeaders; readonly body: IncomingMessage; readonly address: URL }

/** An address to show or to log: without the user name, password and query that it may carry. */
export function shown(address: URL | string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
const basic = ({ username, password }: URL): string | undefined => (username || password ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` : undefined);

/** The proxy that the environment names for an address. */
export function proxyFor(address: URL, env: NodeJS.ProcessEnv = process.env): URL | undefined {
  const value = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? '';
  const excluded = value('NO_PROXY').split(/[\s,]+/).some((rule) => {
    if (rule === '') return false;
    const host = rule.replace(/:\d+$/, '').replace(/^\*?\./, '');
    return rule === '*' || address.hostname === host || address.hostname.endsWith(`.${host}`) || address.host === rule;
  });
  const proxy = address.protocol === 'https:' ? value('HTTPS_PROXY') : value('HTTP_PROXY');
  if (excluded || proxy === '') return undefined;
  try {
    return new URL(/^\w+:\/\//.test(proxy) ? proxy : `http://${proxy}`);
  } catch {
    throw new SetUpError(`The proxy "${proxy}" named in HTTPS_PROXY or HTTP_PROXY is not an address. Correct it.`);
  }
}

/** A connection through the proxy to the address's host. */
function tunnel(proxy: URL, address: URL, signal: AbortSignal | undefined): Promise<Duplex> {
  const target = `${address.hostname}:${address.port || 443}`;
  const authorization = basic(proxy);
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? https : http).request(proxy, { method: 'CONNECT', path: target, agent: false, signal, headers: { host: target, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) } });
    request.on('error', (error) => { reject(signal?.aborted ? error : new SetUpError(`The proxy ${shown(proxy)} cannot be reached (${error.message}). Correct HTTPS_PROXY.`)); });
    request.on('response', ({ statusCode }) => { reject(new SetUpError(`The proxy ${shown(proxy)} refuses a connection to ${target} (${statusCode ?? '?'}).`)); });
    request.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) { resolve(socket); return; }
      socket.destroy();
      reject(new SetUpError(`The proxy ${shown(proxy)} refuses a connection to ${target} (${statusCode ?? '?'}).`));
    });
    request.end();
  });
}

async function once(address: URL, { headers, signal, env }: GetOptions): Promise<IncomingMessage> {
  const proxy = proxyFor(address, env);
  const login = basic(address);
  const common = { agent: false, signal, headers: { 'user-agent': 'vae-lab', ...headers, ...(login === undefined ? {} : { authorization: login }) } } as const;
  const socket = proxy && address.protocol === 'https:' ? await tunnel(proxy, address, signal) : undefined;
  return new Promise((resolve, reject) => {
    const request = address.protocol === 'https:' ? https.get(address, { ...common, ...(socket ? { createConnection: () => tls.connect({ socket, servername: address.hostname }) } : {}) })
      : proxy ? http.get({ ...common, host: proxy.hostname, port: proxy.port || 80, path: address.href.replace(/\/\/[^/]*@/, '//'), headers: { ...common.headers, host: address.host, ...(basic(proxy) === undefined ? {} : { 'proxy-authorization': basic(proxy) }) } })
      : http.get(address, common);
    request.on('response', resolve);
    request.on('error', (error) => { reject(untrusted.includes(codeOf(error)) ? new SetUpError(`The certificate of ${address.host} is not trusted (${codeOf(error)}). If a proxy opens encrypted connections here, name its certificate in NODE_EXTRA_CA_CERTS.`) : error); });
  });
}

/**
 * A GET that follows redirects and goes through the environment's proxy, which Node's `fetch` does not before version 24. A login in the address is sent to
 * that host alone. @throws SetUpError of the proxy's refusal; Node's errors of the connection; AbortError
 */
export async function httpGet(address: URL | string, options: GetOptions = {}): Promise<Answer> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= REDIRECTS; redirects++) {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new SetUpError(`${url.href} is not an address of the web.`);
    const body = await once(url, options);
    const status = body.statusCode ?? 0;
    const { location } = body.headers;
    if (status < 300 || status >= 400 || location === undefined) return { status, headers: body.headers, body, address: url };
    body.resume();
    const next = new URL(location, url);
    if (url.protocol === 'https:' && next.protocol === 'http:') throw new SetUpError(`${shown(url)} leads to ${shown(next)}, which is not encrypted. Use another address.`);
    url = next;
  }
  throw new SetUpError(`${shown(address)} leads in a circle.`);
}

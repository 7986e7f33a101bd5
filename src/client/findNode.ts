import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const OLDEST_MAJOR = 20;
const TIMEOUT_MS = 10_000;

/** A Node to run the host with. */
export interface FoundNode { readonly path: string; readonly version: string }
/** No Node could be run at any of the places looked at. */
export class NodeNotFoundError extends Error {}
/** A Node was found, but it is older than 20. */
export class NodeTooOldError extends Error {}

/** The environment in which a program runs as plain Node: VS Code's own runtime on the desktop is Electron. */
export const nodeEnvironment = (program: string): NodeJS.ProcessEnv =>
  (program === process.execPath && 'electron' in process.versions ? { ...process.env, ELECTRON_RUN_AS_NODE: '1' } : process.env);

async function ask(command: string, args: readonly string[]): Promise<FoundNode | undefined> {
  try {
    const { stdout } = await execute(command, [...args], { timeout: TIMEOUT_MS, windowsHide: true, env: nodeEnvironment(command) });
    const answer = /^VAE-LAB (v\d+\S*) (.+)$/m.exec(stdout);
    return answer?.[1] && answer[2] ? { version: answer[1], path: answer[2].trim() } : undefined;
  } catch {
    return undefined;
  }
}
const QUESTION = "console.log('VAE-LAB', process.version, process.execPath)";

function recent(node: FoundNode): boolean {
  return Number(/^v(\d+)/.exec(node.version)?.[1]) >= OLDEST_MAJOR;
}

/**
 * A real Node: the configured path (and then no other), PATH, the login shell's PATH, the caller's own runtime.
 * @throws NodeNotFoundError, NodeTooOldError, each in a sentence that says what to do.
 */
export async function findNode({ configured, fallback }: { configured?: string | undefined; fallback?: string | undefined } = {}): Promise<FoundNode> {
  if (configured) {
    const node = await ask(configured, ['-e', QUESTION]);
    if (!node) throw new NodeNotFoundError(`No Node runs at "${configured}". Correct the setting vaeLab.nodePath, or empty it to have Node looked for.`);
    if (!recent(node)) throw new NodeTooOldError(`Node ${node.version} at "${configured}" is too old: VAE Lab needs Node ${OLDEST_MAJOR} or later.`);
    return node;
  }
  const shell = process.env['SHELL'];
  const ways: (readonly [string, readonly string[]])[] = [['node', ['-e', QUESTION]]];
  if (shell && process.platform !== 'win32') ways.push([shell, ['-lc', `node -e "${QUESTION}"`]]);
  if (fallback) ways.push([fallback, ['-e', QUESTION]]);
  let old: FoundNode | undefined;
  for (const [command, args] of ways) {
    const node = await ask(command, args);
    if (node && recent(node)) return node;
    old ??= node;
  }
  if (old) throw new NodeTooOldError(`Node ${old.version} at "${old.path}" is too old: VAE Lab needs Node ${OLDEST_MAJOR} or later. Install a newer one, or name it in the setting vaeLab.nodePath.`);
  throw new NodeNotFoundError(`No Node was found. Install Node ${OLDEST_MAJOR} or later, or name it in the setting vaeLab.nodePath.`);
}

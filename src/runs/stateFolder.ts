import os from 'node:os';
import path from 'node:path';

/** Per-user, so that runs started anywhere are listed anywhere. `VAE_LAB_STATE` moves it. */
export function stateFolder(): string {
  const home = os.homedir();
  if (process.env['VAE_LAB_STATE']) return process.env['VAE_LAB_STATE'];
  if (process.platform === 'win32') return path.join(process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'vae-lab');
  return path.join(process.env['XDG_STATE_HOME'] ?? path.join(home, '.local', 'state'), 'vae-lab');
}

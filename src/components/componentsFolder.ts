import os from 'node:os';
import path from 'node:path';

/** Where components live, for the editor and the terminal alike: `VAE_LAB_COMPONENTS`, else `vae-lab/components` in the user's data folder. */
export function componentsFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['VAE_LAB_COMPONENTS']) return path.resolve(env['VAE_LAB_COMPONENTS']);
  const home = os.homedir();
  const data = platform === 'win32' ? env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local')
    : platform === 'darwin' ? path.join(home, 'Library', 'Application Support')
    : env['XDG_DATA_HOME'] ?? path.join(home, '.local', 'share');
  return path.join(data, 'vae-lab', 'components');
}

/** The TensorFlow component's own folder among the components. */
export const tensorflowFolder = (components: string): string => path.join(components, 'tensorflow');

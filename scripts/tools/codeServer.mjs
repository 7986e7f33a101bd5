// VS Code in a browser, from the npm package code-server: the same workbench and extension host as on the desktop.
import path from 'node:path';
import { cached, run } from './cache.mjs';
import { ensureNode24 } from './node24.mjs';

const VERSION = '4.139.1';

/** Path of Node 24 and of code-server's entry script. */
export async function ensureCodeServer() {
  const node = await ensureNode24();
  const home = path.dirname(path.dirname(node));
  const folder = await cached(`code-server-${VERSION}`, 'VS Code in a browser (about 800 MB)', async (at) => {
    const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`, npm_config_nodedir: home };
    const npm = (args, cwd) => run('npm', [...args, '--no-fund', '--no-audit'], { cwd, env });
    const server = path.join(at, 'node_modules', 'code-server', 'lib', 'vscode');
    await npm(['install', '--no-save', '--ignore-scripts', `code-server@${VERSION}`], at);
    await npm(['install', '--omit=dev', '--ignore-scripts'], server);
    await npm(['install', '--omit=dev', '--ignore-scripts'], path.join(server, 'extensions'));
    await npm(['rebuild', '--no-ignore-scripts', '--foreground-scripts', '@vscode/spdlog', '@vscode/native-watchdog'], server);
  });
  return { node, entry: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js') };
}

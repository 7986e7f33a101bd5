// Builds, and opens VS Code with the extension on the folder samples/: node scripts/start.mjs [--browser] [--smoke]
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { findDesktop, hasDisplay } from './vscode/desktop.mjs';
import { root, startServer } from './vscode/server.mjs';
import { cacheFolder } from './tools/cache.mjs';

const samples = path.join(root, 'samples');
const smoke = process.argv.includes('--smoke');
if (spawnSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(1);

if (smoke) {
  const { smokeTest } = await import('./vscode/smoke.mjs');
  await smokeTest(samples, path.join(root, 'out', 'smoke.png'));
  process.exit(0);
}
const desktop = process.argv.includes('--browser') ? { why: 'a browser was asked for' } : await findDesktop();
if (desktop.command) {
  console.log(`Opening VS Code (${desktop.command}) on ${samples}`);
  const isScript = process.platform === 'win32'; // then a shell starts it, which parts what stands unquoted at its spaces
  const [command, ...given] = [desktop.command, `--extensionDevelopmentPath=${root}`, '--new-window', samples].map((each) => (isScript ? `"${each}"` : each));
  const child = spawn(command, given, { stdio: 'ignore', detached: true, shell: isScript });
  child.unref();
} else {
  console.log(`VS Code in a browser, because ${desktop.why}.`);
  const server = await startServer({ home: path.join(cacheFolder, 'vscode-home'), keepHome: true });
  const address = server.address(samples);
  console.log(`\nOpen ${address}\n\nCtrl-C ends it.`);
  if (hasDisplay()) {
    const [command, ...args] = { darwin: ['open', address], win32: ['cmd', '/c', 'start', '', address] }[process.platform] ?? ['xdg-open', address];
    spawn(command, args, { stdio: 'ignore', detached: true }).on('error', () => { /* the address is printed */ }).unref();
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { server.stop(); process.exit(0); });
  server.child.on('exit', (code) => { console.error(`VS Code's server ended (${code}). Its log: ${server.log}`); process.exit(1); });
}

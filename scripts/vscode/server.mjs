// A VS Code server with this extension, on a loopback port: the same workbench and extension host as on the desktop, shown by a browser.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCodeServer } from '../tools/codeServer.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const UP_MS = 60_000;

/** Quiet: no start pages, no telemetry, no updates, nothing fetched. */
const quiet = {
  'chat.disableAIFeatures': true, 'chat.agentHost.enabled': false, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.startupEditor': 'none', 'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off', 'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true, 'workbench.enableExperiments': false,
  'update.mode': 'none', 'typescript.disableAutomaticTypeAcquisition': true, 'git.enabled': false, 'workbench.colorTheme': 'Default Dark Modern',
};

const freePort = () => new Promise((resolve, reject) => {
  const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => { resolve(port); }); });
});

/** Resolves when the server answers; rejects as soon as it has ended. */
async function answering(port, child, log) {
  let ended = false;
  child.once('exit', () => { ended = true; });
  for (const until = Date.now() + UP_MS; Date.now() < until;) {
    if (ended) break;
    if (await fetch(`http://127.0.0.1:${port}/healthz`).then((response) => response.ok, () => false)) return;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error(`VS Code's server did not start. Its log:\n${readFileSync(log, 'utf8').slice(-3000)}`);
}

/** A language pack without translations of VS Code's own: enough for extensions to speak their own. */
function installLanguage(userData, locale) {
  const translations = path.join(userData, 'main.i18n.json');
  writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  writeFileSync(path.join(userData, 'languagepacks.json'), JSON.stringify({ [locale]: { hash: 'vae-lab', label: locale, extensions: [{ extensionIdentifier: { id: 'vae-lab.language-pack' }, version: '1.0.0' }], translations: { vscode: translations } } }));
}

/**
 * Starts a server. `machineSettings`: those of the machine, whose scope no workspace has. `vsix`: install this packed extension; else the clone itself is the extension. `development`: load nothing, an
 * extensionDevelopmentPath in the address says what to load (toasts are then suppressed). Stop it: its whole process group ends.
 */
export async function startServer({ settings = {}, machineSettings, trust = true, vsix, development = false, home = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-vscode-')), keepHome = false, port, env = {}, locale } = {}) {
  const { node, entry } = await ensureCodeServer();
  const chosen = port ?? await freePort();
  const at = (...parts) => path.join(home, ...parts);
  mkdirSync(at('user', 'User'), { recursive: true });
  mkdirSync(at('extensions'), { recursive: true });
  const settingsFile = at('user', 'User', 'settings.json');
  if (!keepHome || !existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify({ ...quiet, 'security.workspace.trust.enabled': !trust, ...settings }));
  if (machineSettings) {
    mkdirSync(at('user', 'Machine'), { recursive: true });
    writeFileSync(at('user', 'Machine', 'settings.json'), JSON.stringify(machineSettings));
  }
  writeFileSync(at('config.yaml'), 'auth: none\n');
  if (locale) installLanguage(at('user'), locale);
  const common = ['--config', at('config.yaml'), '--user-data-dir', at('user'), '--extensions-dir', at('extensions')];
  if (vsix) {
    const { status, stdout, stderr } = spawnSync(node, [entry, ...common, '--install-extension', vsix], { encoding: 'utf8', env: { ...process.env, EXTENSIONS_GALLERY: '{}' } });
    if (status !== 0) throw new Error(`The packed extension could not be installed:\n${stdout}${stderr}`);
  } else if (!development) {
    const { publisher, name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
    const link = at('extensions', `${publisher}.${name}-${version}`);
    rmSync(link, { force: true, recursive: true });
    symlinkSync(root, link, 'junction');
  }
  const log = at('server.log');
  const out = openSync(log, 'a');
  const args = [entry, ...common, '--auth', 'none', '--bind-addr', `127.0.0.1:${chosen}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--ignore-last-opened',
    ...(trust ? ['--disable-workspace-trust'] : []), ...(locale ? ['--locale', locale] : []), ...(development ? ['--vscode-option', 'enable-smoke-test-driver'] : [])];
  const child = spawn(node, args, { detached: true, stdio: ['ignore', out, out], env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...env } });
  closeSync(out);
  const stop = () => {
    try { process.kill(process.platform === 'win32' ? child.pid : -child.pid); } catch { /* it has ended already */ }
    if (!keepHome) rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try { await answering(chosen, child, log); } catch (error) { stop(); throw error; }
  const address = (folder, payload) => `http://127.0.0.1:${chosen}/?folder=${encodeURIComponent(folder)}${payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`;
  return { port: chosen, home, log, address, stop, child };
}

#!/usr/bin/env node
// Stands where @vscode/test-electron's runTests expects VS Code's executable: takes its arguments, runs the suite in the extension host of a VS Code in a
// browser, and ends with the suite's exit code. A suite that writes no results file (its extension host died, say) has failed.
import { existsSync, readFileSync } from 'node:fs';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

const LIMIT_MS = 300_000;
const option = (name) => process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const [extension, tests] = [option('extensionDevelopmentPath'), option('extensionTestsPath')];
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
const results = process.env.VAE_LAB_RESULTS;
if (!extension || !tests || !folder || !results) {
  console.error('Expected --extensionDevelopmentPath=, --extensionTestsPath=, a folder, and VAE_LAB_RESULTS.');
  process.exit(2);
}
const server = await startServer({ development: true });
const browser = await launchBrowser();
let code = 1;
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
  const ended = new Promise((resolve, reject) => {
    void page.exposeFunction('codeAutomationExit', resolve);
    void page.exposeFunction('codeAutomationLog', (type, args) => {
      const text = args.map((argument) => (typeof argument === 'string' ? argument : JSON.stringify(argument))).join(' ');
      if (text.startsWith('[mocha] ')) console.log(text.slice(8));
      if (/extension host.*terminated unexpectedly/i.test(text)) reject(new Error(text.slice(0, 300)));
    });
    page.on('crash', () => { reject(new Error('The page crashed.')); });
    setTimeout(() => { reject(new Error(`No result in ${LIMIT_MS / 1000} s.`)); }, LIMIT_MS).unref();
  });
  ended.catch(() => { /* awaited below */ });
  const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${file}`;
  await page.goto(server.address(folder, [['extensionDevelopmentPath', remote(extension)], ['extensionTestsPath', remote(tests)], ['skipWelcome', 'true']]));
  code = await ended;
  if (!existsSync(results)) throw new Error('The suite wrote no results: its extension host died.');
  if (JSON.parse(readFileSync(results, 'utf8')).failed > 0) code ||= 1;
} catch (error) {
  console.error(error.message);
  code ||= 1;
} finally {
  await browser.close();
  server.stop();
}
process.exit(code);

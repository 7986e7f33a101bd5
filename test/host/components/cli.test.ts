import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { PackageIndex } from './index';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-set-up-cli-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
let components: string;
beforeEach(() => { components = path.join(mkdtempSync(path.join(top, 'user-')), 'components'); });
const command = [path.resolve('bin/vae-lab.js'), 'setup-engine'];
const cli = (...args: string[]) => spawnSync(process.execPath, [...command, ...args], { encoding: 'utf8', input: '', env: { ...process.env, VAE_LAB_COMPONENTS: components } });

describe('vae-lab setup-engine', () => {
  it('says what it would do, and does nothing, where it cannot ask', () => {
    const { status, stdout, stderr } = cli('tensorflow');
    expect([status, stderr]).toEqual([2, 'Nothing was done: there is no terminal to ask on. Give --yes to go on.\n']);
    expect(stdout).toMatch(/^TensorFlow [\d.]+ for the CPU, from the Python package index:\n {2}downloads \d+ MB, takes \d+ MB in \S+ \(.* free\)\n$/);
    expect(existsSync(components)).toBe(false);
  });
  it('exits with 2 and the usage when called wrongly', () => {
    for (const args of [[], ['torch'], ['tensorflow', '--cpu', '--gpu'], ['tensorflow', '--source', 'conda'], ['tensorflow', 'gpu']]) {
      const { status, stderr } = cli(...args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain('vae-lab setup-engine tensorflow');
    }
  });
  it('removes what is there, and says when nothing was', () => {
    expect(cli('tensorflow', '--remove')).toMatchObject({ status: 0, stdout: 'TensorFlow was not set up; what an unfinished set-up left is removed.\n' });
    mkdirSync(path.join(components, 'tensorflow'), { recursive: true });
    mkdirSync(path.join(components, 'downloads'));
    writeFileSync(path.join(components, 'tensorflow', 'component.json'), '{}');
    expect(cli('tensorflow', '--remove')).toMatchObject({ status: 0, stdout: 'TensorFlow is removed.\n' });
    expect(existsSync(components)).toBe(false);
  });
  it('exits with 6 and a sentence when it fails', () => {
    writeFileSync(components, 'a file');
    const { status, stderr } = cli('tensorflow', '--yes');
    expect([status, stderr]).toEqual([6, expect.stringMatching(/^The components folder .* cannot be written \((EEXIST|ENOTDIR)\)\. .* set up again\.\n$/)]);
  });
  it('is cancelled by Ctrl-C, leaves nothing in place, and exits with 130', async () => {
    const index = await new PackageIndex().start();
    const asked = new Promise<void>((resolve) => { index.intercept = () => { resolve(); return true; }; }); // and never answers
    const child = spawn(process.execPath, [...command, 'tensorflow', '--yes'], { env: { ...index.env, VAE_LAB_COMPONENTS: components } });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    const ended = new Promise<number | null>((resolve) => { child.on('close', resolve); });
    await asked;
    child.kill('SIGINT');
    expect([await ended, text]).toEqual([130, 'Cancelled. What was downloaded is kept: run the command again to go on, or with --remove to delete it.\n']);
    expect(readdirSync(components)).toEqual(['tensorflow-set-up.log']);
    index.stop();
  });
});

it('goes when the extension is uninstalled', () => {
  mkdirSync(path.join(components, 'tensorflow'), { recursive: true });
  const { status, stderr } = spawnSync(process.execPath, ['dist/uninstall.js'], { encoding: 'utf8', env: { ...process.env, VAE_LAB_COMPONENTS: components } });
  expect([status, stderr, existsSync(components)]).toEqual([0, '', false]);
});

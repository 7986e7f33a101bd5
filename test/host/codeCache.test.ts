import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-code-'));
const folder = path.join(top, 'code');
const program = path.join(top, 'program.js');
const launcher = path.join(top, 'launcher.js');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });

const buildLauncher = (of: string, outfile: string): void => {
  buildSync({ stdin: { contents: `import { runCached } from './src/host/launch/codeCache'; process.on('exit', () => console.log(globalThis.wasCached)); globalThis.wasCached = runCached(${JSON.stringify(of)}, ${JSON.stringify(folder)});`, resolveDir: '.', loader: 'ts' }, bundle: true, platform: 'node', outfile });
};
buildLauncher(program, launcher);
writeFileSync(path.join(top, 'needed.js'), 'module.exports = 3;');
const writeProgram = (sum: string): void => { writeFileSync(program, `const needed = require('./needed.js');\nfunction sum() { return ${sum}; }\nconsole.log(sum(), __filename === ${JSON.stringify(program)}, process.argv[2]);\n`); };
/** What the program says, and then whether its code was at hand. */
const start = (): string[] => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [launcher, 'told'], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout.trim().split('\n');
};
const said = (sum: number, wasCached: boolean): string[] => [`${sum} true told`, String(wasCached)];
const kept = (): string[] => readdirSync(folder).map((name) => path.join(folder, name));

describe('a program run from code kept by an earlier start', () => {
  it('does what it did, and is compiled once', () => {
    writeProgram('1 + needed');
    expect(start()).toEqual(said(4, false));
    expect(kept()).toHaveLength(1);
    expect(start()).toEqual(said(4, true));
  });

  it('is compiled anew when its text is another, of the same length too', () => {
    writeProgram('2 + needed');
    expect(start()).toEqual(said(5, false));
    expect(start()).toEqual(said(5, true));
  });

  it('is compiled anew where what was kept is spoiled or cut off, and then kept again', () => {
    for (const spoil of [(bytes: Buffer) => { bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1; return bytes; }, (bytes: Buffer) => bytes.subarray(0, 100), () => Buffer.alloc(0)]) {
      for (const file of kept()) writeFileSync(file, spoil(readFileSync(file)));
      expect(start()).toEqual(said(5, false));
      expect(start()).toEqual(said(5, true));
    }
  });

  it('names its own place in errors, where the same program was run in another', () => {
    const places = ['here', 'there'].map((name) => path.join(top, name));
    const lines = places.map((place) => {
      mkdirSync(place);
      writeFileSync(path.join(place, 'program.js'), "console.log(new Error('where').stack.split('\\n')[1]);\n");
      buildLauncher(path.join(place, 'program.js'), path.join(place, 'launcher.js'));
      return spawnSync(process.execPath, [path.join(place, 'launcher.js')], { encoding: 'utf8' }).stdout;
    });
    expect(lines).toEqual(places.map((place) => expect.stringContaining(`${path.join(place, 'program.js')}:1:`)));
  });

  it('keeps that of the last few programs only, and runs where nothing can be kept', () => {
    for (let i = 10; i < 20; i++) {
      writeProgram(`${i} + needed`);
      start();
    }
    expect(kept().length).toBeLessThanOrEqual(4);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'a file in its place');
    expect(start()).toEqual(said(22, false));
  });
});

describe('the host', () => {
  it('starts from kept code, also for a model file that needs an ES module', () => {
    const needed = path.join(top, 'node_modules', 'only-esm');
    mkdirSync(needed, { recursive: true });
    writeFileSync(path.join(needed, 'package.json'), JSON.stringify({ name: 'only-esm', type: 'module', exports: { import: './index.js' } }));
    writeFileSync(path.join(needed, 'index.js'), 'await Promise.resolve();\nexport const width = 3;\n');
    const modelFile = path.join(top, 'esm.vae.ts');
    writeFileSync(modelFile, `import { mlp, sprites, vae } from 'vae-lab';\nimport { width } from 'only-esm';\nexport const shapes = vae({ data: sprites(), latentDim: width, ...mlp({ hidden: [4] }) });\n`);
    const state = path.join(top, 'state');
    for (const wasKept of [false, true]) {
      expect(existsSync(path.join(state, 'code'))).toBe(wasKept);
      const { stdout, stderr } = spawnSync(process.execPath, [path.resolve('dist/host.js'), JSON.stringify({ role: 'describe', modelFile })], { encoding: 'utf8', env: { ...process.env, VAE_LAB_STATE: state } });
      expect(JSON.parse(stdout), stderr).toMatchObject({ outcome: 'described', model: { name: 'shapes' } });
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { ensureNode24 } from '../../../scripts/tools/node24.mjs';
import { doctorReportSchema } from '../../../src/protocol/doctor';
import { doctorText } from '../../../src/protocol/doctorText';
import { namedEngines } from '../../../src/spec/engines';
import { hasTensorflow } from '../engines/available';
import { run as runProgram } from './terminal';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const run = (node: string, env: NodeJS.ProcessEnv, args: readonly string[]) => runProgram(node, [path.resolve('bin/vae-lab.js'), ...args], { env: { ...process.env, VAE_LAB_STATE: path.join(top, 'state'), ...env } });
/** What a host's process says. */
async function host(options: object): Promise<string> {
  const child = spawn(process.execPath, [path.resolve('dist/host.js'), JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
}
const cli = (...args: string[]) => run(process.execPath, {}, args);
/** With runs of its own. */
const apart = { VAE_LAB_STATE: path.join(top, 'apart') };
const nothingSetUp = { VAE_LAB_COMPONENTS: path.join(top, 'components') };
const file = path.join(top, 'small.vae.ts');
writeFileSync(file, `import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32 } });
`);

describe('the terminal', () => {
  it('is told names of files as text, whatever a terminal would do at them', async () => {
    const { stderr, status } = await cli('train', path.join(top, 'no\x1b]0;owned\x07\x9b2J.vae.ts'));
    expect(status).not.toBe(0);
    expect(stderr).toContain('no\\u001b]0;owned\\u0007\\u009b2J.vae.ts');
    expect(stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
  });
  it('refuses an option that would do nothing, and says whose it is', async () => {
    const said = async (...args: string[]) => { const { status, stderr } = await cli(...args); return [status, stderr.split('\n')[0]]; };
    expect(await said('resume', 'last', '--epochs', '3')).toEqual([2, '"vae-lab resume" takes no --epochs. It is an option of "vae-lab train" and "vae-lab branch".']);
    expect(await said('runs', '--json', '--split', 'test')).toEqual([2, '"vae-lab runs" takes no --split.']);
    expect(await said('sample', 'last', '--keep-every', '7', '--out', 'q.png')).toEqual([2, '"vae-lab sample" takes no --keep-every. It is an option of "vae-lab train" and "vae-lab branch".']);
  });
  it('says why a run failed to who wants to see it', async () => {
    const failed = await run(process.execPath, apart, ['train', file, '--set', 'gamma=1']);
    expect([failed.status, failed.stderr]).toEqual([2, expect.stringMatching(/There is no hyperparameter "gamma"/)]);
    expect((await run(process.execPath, apart, ['sample', 'last', '--out', path.join(top, 'none.png')])).stderr).toMatch(/^There is no hyperparameter "gamma"/);
  });
  it('ends quietly, and its run with it, where whoever reads it is gone', async () => {
    const child = spawn(process.execPath, [path.resolve('bin/vae-lab.js'), 'train', file, '--epochs', '100000', '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...apart } });
    const complained = text(child.stderr);
    const closed = once(child, 'close');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await closed;
    expect(await complained).not.toMatch(/EPIPE|node:/);
    expect(child.exitCode).toBe(130);
    expect(JSON.parse((await run(process.execPath, apart, ['runs', '--json'])).stdout.split('\n')[0] ?? '')).toMatchObject({ live: false, state: 'interrupted' });
  });
  it('takes "last" for a run that began to train, and refuses what could mean several', async () => {
    const own = { VAE_LAB_STATE: path.join(top, 'named') };
    const at = (...args: string[]) => run(process.execPath, own, args);
    const idOf = (stdout: string): string => (JSON.parse(stdout.split('\n')[0] ?? '') as { run: string }).run;
    const first = idOf((await at('train', file, '--epochs', '1', '--json')).stdout);
    const second = idOf((await at('train', file, '--epochs', '1', '--json')).stdout);
    expect((await at('train', file, '--set', 'gamma=1')).status).toBe(2);
    const picture = path.join(top, 'named.png');
    expect(await at('sample', 'last', '-n', '1', '--out', picture)).toMatchObject({ status: 0, stderr: '' });
    expect(await at('compare', first, second)).toMatchObject({ stderr: expect.not.stringContaining('There is no run') as string });
    expect(await at('sample', first.slice(0, 4), '--out', picture)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^"\d{4}" is how 3 runs begin: .*, .*, .*\. Give more of it\.\n\nUsage:\n {2}vae-lab sample .*\n"vae-lab --help" tells of the other commands\.\n$/) as string });
    expect((await at('sample', first.slice(0, -1), '-n', '1', '--out', picture)).status).toBe(0);
  });
  it('says in a sentence what is wrong with what it is given, before it takes long', async () => {
    const said = async (...args: string[]) => { const { status, stderr } = await run(process.execPath, { VAE_LAB_STATE: path.join(top, 'named') }, args); return [status, stderr.split('\n')[0]]; };
    const picture = path.join(top, 'none.png');
    expect(await said('sample', 'last', '--out', path.join(top, 'a.jpg'))).toEqual([2, `--out must end in .png or .gif; got "${path.join(top, 'a.jpg')}".`]);
    expect(await said('sample', 'last', '-n', '0', '--out', picture)).toEqual([2, '-n must be a whole number of at least 1; got "0".']);
    expect(await said('interpolate', 'last', '--from', '0', '--to', '1', '-n', '1', '--out', picture)).toEqual([2, '-n must be a whole number of at least 2; got "1".']);
    expect(await said('evaluate', 'last', '--out', path.join(top, 'no', 'a.png'))).toEqual([2, `There is no folder ${path.join(top, 'no')}. Make it first.`]);
    expect(await said('decompress', 'last', path.join(top, 'none.vae'), '--out', picture)).toEqual([2, `There is no file ${path.join(top, 'none.vae')}.`]);
    expect(await said('interpolate', 'last', '--from', '0', '--to', '99999999', '--out', picture)).toEqual([2, 'sprites has no test example 99999999; there are 64.']);
    expect(await said('anomalies', 'last', '--class', '99')).toEqual([2, expect.stringContaining('class')]);
  });
  it('trains to the end as JSON lines, lists the run as completed, and writes its pictures', async () => {
    const { stdout, status } = await cli('train', file, '--epochs', '2', '--set', 'beta=2', '--json');
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as { type: string; dir?: string });
    expect(status).toBe(0);
    expect(lines.filter(({ type }) => type !== 'metrics').map(({ type }) => type)).toEqual(['start', 'epoch', 'epoch', 'done']);
    expect(lines.filter(({ type }) => type === 'metrics').length).toBeGreaterThanOrEqual(8);
    expect(readdirSync(lines[0]?.dir ?? '').filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(JSON.parse((await cli('runs', '--json')).stdout)).toMatchObject({ model: 'small', state: 'completed', step: 8 });
    const picture = path.join(top, 'grid.png');
    expect((await cli('sample', 'last', '-n', '4', '--out', picture)).status).toBe(0);
    for (const [verb, most] of [['sample', 1024], ['reconstruct', 1024], ['interpolate', 64], ['denoise', 64], ['complete', 64], ['attribute', 16]] as const) {
      const { status: refused, stderr } = await cli(verb, 'last', '-n', String(most + 1), '--out', picture, ...(/^[ia]/.test(verb) ? ['--from', '0', '--to', '1'] : []));
      expect([refused, stderr.split('\n')[0]]).toEqual([2, `-n must be at most ${most}; got "${most + 1}".`]);
    }
    const png = readFileSync(picture);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 64]);
  });
  it.skipIf(!hasTensorflow)('trains on TensorFlow under Node 24 too, whose util lacks what the binding calls; the run can be looked at where TensorFlow is not', async () => {
    const { status, stdout, stderr } = await run(await ensureNode24(), {}, ['train', file, '--epochs', '1', '--engine', 'tensorflow', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    const { dir } = JSON.parse(stdout.split('\n')[0] ?? '') as { dir: string };
    expect(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8'))).toMatchObject({ engine: 'tensorflow', gate: { passed: true }, host: { node: expect.stringMatching(/^v24\./) as string } });
    const picture = path.join(top, 'elsewhere.png');
    expect((await run(process.execPath, nothingSetUp, ['sample', 'last', '-n', '4', '--out', picture])).status).toBe(0);
    expect(readFileSync(picture).length).toBeGreaterThan(100);
  });
  it('names the way out where an engine is not set up', async () => {
    const { status, stderr } = await run(process.execPath, nothingSetUp, ['train', file, '--engine', 'tensorflow']);
    expect(status).toBe(5);
    expect(stderr).toContain('vae-lab setup-engine tensorflow');
  });
  it('tells what every engine does here', async () => {
    const { status, stdout } = await cli('doctor', '--json');
    const report = JSON.parse(stdout) as { auto: string; engines: { engine: string; probe: object }[] };
    expect(status).toBe(0);
    expect(report.auto).toBe('compiled');
    expect(Object.fromEntries(report.engines.map(({ engine, probe }) => [engine, probe]))).toMatchObject({
      compiled: { outcome: 'works', gate: { passed: true } }, tensorflow: hasTensorflow ? { outcome: 'works', gate: { passed: true } } : { outcome: 'absent' }, wasm: { outcome: 'works', gate: { passed: true } }, cpu: { outcome: 'works' },
    });
  });
  it('tries the engines on a model that it is given, and on the reference VAE where that cannot be read, saying why', async () => {
    const { stdout } = await cli('doctor', '--model', `${file}#small`, '--json');
    const report = doctorReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ auto: 'compiled', model: { file, name: 'small', batchSize: 32, imageShape: [32, 32, 1], data: { trainCount: 128 } } });
    expect(report.engines.map(({ engine, probe }) => [engine, probe.outcome])).toEqual(namedEngines.map((engine) => [engine, engine === 'tensorflow' && !hasTensorflow ? 'absent' : engine === 'webgpu' ? 'failed' : 'works']));
    expect(doctorText(report)).toContain('- webgpu: No graphics card answers through WebGPU.');
    for (const { engine, probe } of report.engines) if (probe.outcome === 'works' && engine !== 'cpu') expect(probe).toMatchObject({ gate: { passed: true } });
    expect((await cli('doctor', '--model', path.join(top, 'none.vae.ts'))).stderr).toContain('There is no file');
    const described = await host({ role: 'describe', modelFile: file, modelName: 'other' });
    expect(JSON.parse(described)).toEqual({ outcome: 'failed', message: 'small.vae.ts exports no model named "other". It exports: small.' });
  });
  it('takes the hyperparameters that the model has, and tells the parts that its objective names', async () => {
    const own = path.join(top, 'own.vae.ts');
    writeFileSync(own, `import { cyclic, objective, sprites, vae, weighted } from 'vae-lab';
export const own = vae({ data: sprites({ trainCount: 64, testCount: 32 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8 })], decoder: ({ layers }) => [layers.dense({ units: 8 })], training: { batchSize: 32 },
  objective: objective({
    hyperparameters: { pull: { value: 2 }, warmth: { value: cyclic({ cycles: 1 }), max: 1 } }, samples: 2,
    parts: ({ tf, z, decode, negativeLogLikelihood, posterior, prior, hyperparameters: { pull, warmth } }) =>
      ({ reconstruction: negativeLogLikelihood(decode(z)), kl: weighted(warmth, prior.kl()), awayFromZero: weighted(pull, tf.sum(tf.square(posterior.mean), 1)) }),
  }) });
`);
    const { stdout, stderr, status } = await cli('train', own, '--epochs', '2', '--set', 'pull=5', '--json');
    expect([status, stderr]).toEqual([0, '']);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    const parts = { reconstruction: expect.any(Number) as number, kl: expect.any(Number) as number, awayFromZero: expect.any(Number) as number };
    expect(lines.filter(({ type }) => type === 'epoch')).toMatchObject([parts, parts]);
    expect(lines.filter(({ type, split }) => type === 'metrics' && split === 'train').map(({ warmth }) => warmth)).toEqual([0, 0.5, 1, 1]);
    expect(JSON.parse(readFileSync(path.join(String(lines[0]?.['dir']), 'run.json'), 'utf8'))).toMatchObject({ hyperparameters: { learningRate: 1e-3, pull: 5, warmth: 1 }, hyperparameterSpecs: { pull: { min: 0, max: 1000 }, warmth: { max: 1 } } });
    const wrong = await cli('train', own, '--set', 'beta=5');
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('There is no hyperparameter "beta". Known: learningRate, pull, warmth.')]);
  });
  it('exits with 2 and the usage when called wrongly', async () => {
    for (const args of [[], ['train'], ['train', file, '--set', 'beta=-1'], ['train', file, '--epochs', 'x'], ['train', file, '--engine', 'warp'], ['sample', 'nothing', '--out', 'x.png'], ['fly']]) {
      const { status, stderr } = await cli(...args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain('Usage:');
    }
  });
});

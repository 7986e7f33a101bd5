import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileNameOf } from '../../../src/extension/panels/fileName';
import type { Evaluation } from '../../../src/protocol/evaluation';
import { deleteRun, listDeleted, purgeDeleted, restoreRun } from '../../../src/runs/deletedRuns';
import { RunEvaluations } from '../../../src/runs/evaluations';
import { stripPng } from '../../../src/runs/pictures';
import { claimRun, listRuns, registerHost, registerRun, unregisterRun } from '../../../src/runs/registry';
import { manifestOf } from './manifestOf';

let top: string;
beforeEach(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-names-'));
  process.env['VAE_LAB_STATE'] = path.join(top, 'inside', 'state');
});
afterEach(async () => {
  delete process.env['VAE_LAB_STATE'];
  await rm(top, { recursive: true, force: true });
});

describe('a name from a run\'s files that leads out of their folder', () => {
  it('stays a name where it is the run\'s, in every list that is kept of runs', async () => {
    const id = '../../../out/../x';
    const dir = path.join(top, 'inside', 'runs', 'a');
    await mkdir(dir, { recursive: true });
    await writeFile(path.join(dir, 'run.json'), JSON.stringify(manifestOf({ id })));
    await registerRun(id, dir);
    await registerHost(id, { dir, socket: path.join(top, 'inside', 'none'), token: 't', pid: 1, processStart: '0' });
    await (await claimRun(id))();
    expect((await listRuns()).map(({ manifest }) => manifest.id)).toEqual([id]);
    await deleteRun(id, dir);
    expect((await listDeleted()).map((run) => run.id)).toEqual([id]);
    await restoreRun(id);
    await deleteRun(id, dir);
    await purgeDeleted();
    await unregisterRun(id);
    expect(await readdir(top)).toEqual(['inside']);
    expect((await readdir(path.join(top, 'inside'))).sort()).toEqual(['runs', 'state']);
  });
  it('is no evaluation, and no picture of it is read', async () => {
    const evaluation: Evaluation = { schemaVersion: 1, id: 'ours', run: 'r', model: 'm', step: 1, at: '2026-01-01T00:00:00.000Z', engine: 'wasm', device: 'CPU', seconds: 1, metrics: [], pairs: [{ training: 0, distance: 1 }] };
    await mkdir(path.join(top, 'evaluations'));
    await writeFile(path.join(top, 'secret.png'), stripPng({ count: 2, height: 4, width: 4, channels: 1, pixels: new Uint8Array(32) }));
    for (const [file, id] of [['a', 'ours'], ['b', '../secret']] as const) await writeFile(path.join(top, 'evaluations', `${file}.json`), JSON.stringify({ ...evaluation, id }));
    const { evaluations, pairs } = await new RunEvaluations(top).read();
    expect([evaluations.map(({ id }) => id), pairs]).toEqual([['ours'], undefined]);
  });
  it.each([['../../etc/passwd', '-..-etc-passwd'], ['C:\\Windows\\x', 'C-Windows-x'], ['..', 'vae-lab'], ['a\0b', 'a-b']])('is a plain one where something is saved under it: %s', (name, plain) => { expect(fileNameOf(name)).toBe(plain); });
});

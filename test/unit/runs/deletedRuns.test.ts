import { access, appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deleteRun, listDeleted, purgeDeleted, restoreRun } from '../../../src/runs/deletedRuns';
import { bytesOf } from '../../../src/runs/folderSize';
import { changeNotes, readNotes } from '../../../src/runs/notes';
import { listRuns, registerRun } from '../../../src/runs/registry';
import { readSummary, summaryOf } from '../../../src/runs/summary';
import type { MetricPoint } from '../../../src/protocol/run';
import { addPoints, emptyTracks } from '../../../src/protocol/tracks';
import { manifestOf } from './manifestOf';

let top: string;
const dirOf = (id: string): string => path.join(top, 'runs', id);
async function makeRun(id: string): Promise<string> {
  await mkdir(path.join(dirOf(id), 'checkpoints'), { recursive: true });
  await writeFile(path.join(dirOf(id), 'run.json'), JSON.stringify(manifestOf({ id })));
  await writeFile(path.join(dirOf(id), 'checkpoints', 'step-1.safetensors'), new Uint8Array(1000));
  await registerRun(id, dirOf(id));
  return dirOf(id);
}
const listed = async (): Promise<string[]> => (await listRuns()).map(({ manifest }) => manifest.id).sort();
const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false);

beforeEach(async () => {
  top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-deleted-'));
  process.env['VAE_LAB_STATE'] = path.join(top, 'state');
});
afterEach(async () => {
  delete process.env['VAE_LAB_STATE'];
  await rm(top, { recursive: true, force: true });
});

describe('deleting a run', () => {
  it('takes it out of the list, and can be undone', async () => {
    await makeRun('a');
    await makeRun('b');
    const before = await readdir(dirOf('a'), { recursive: true });
    await deleteRun('a', dirOf('a'));
    expect([await listed(), await isThere(dirOf('a'))]).toEqual([['b'], false]);
    const [deleted] = await listDeleted();
    expect([deleted?.id, deleted?.model, deleted && deleted.bytes > 1000]).toEqual(['a', 'shapes', true]);
    await restoreRun('a');
    expect([await listed(), await readdir(dirOf('a'), { recursive: true }), await listDeleted()]).toEqual([['a', 'b'], before, []]);
  });
  it('is for good after the clean-up, of what is old enough', async () => {
    for (const id of ['old', 'new']) await makeRun(id);
    await deleteRun('old', dirOf('old'), new Date('2020-01-01'));
    await deleteRun('new', dirOf('new'), new Date('2020-01-03'));
    await purgeDeleted(new Date('2020-01-02'));
    expect((await listDeleted()).map(({ id }) => id)).toEqual(['new']);
    await expect(restoreRun('old')).rejects.toThrow('The run old is deleted for good.');
    await purgeDeleted();
    expect([await listDeleted(), await readdir(path.join(top, 'runs', '.deleted')), await isThere(path.join(top, 'runs'))]).toEqual([[], [], true]);
  });
  it('keeps a run whose folder cannot be moved, and says so', async () => {
    await makeRun('a');
    await expect(deleteRun('a', path.join(top, 'runs', 'gone'))).rejects.toThrow('The run a could not be deleted');
    expect([await listed(), await listDeleted()]).toEqual([['a'], []]);
  });
});

describe('what people say of a run', () => {
  it('is kept beside its manifest, each thing on its own', async () => {
    const dir = await makeRun('a');
    expect(await readNotes(dir)).toEqual({});
    await changeNotes(dir, { label: 'first try' });
    await changeNotes(dir, { pinned: true });
    expect(await readNotes(dir)).toEqual({ schemaVersion: 1, label: 'first try', pinned: true });
    await changeNotes(dir, { label: '' });
    expect(await readNotes(dir)).toEqual({ schemaVersion: 1, pinned: true });
    await writeFile(path.join(dir, 'notes.json'), '{"label":');
    expect(await readNotes(dir)).toEqual({});
    await expect(changeNotes(path.join(dir, 'none'), { pinned: true })).rejects.toThrow('cannot be written');
  });
});

describe('what a run comes to', () => {
  const asIs = { marks: [] };
  const line = (split: 'train' | 'test', step: number, loss: number): MetricPoint => ({ step, epoch: 1, split, seconds: step / 10, loss, parts: {} });
  it('is its best held-out loss and its time, from its points or its file, which is read again when it has grown', async () => {
    const dir = await makeRun('a');
    expect(await readSummary(dir, asIs)).toEqual({});
    const points = [line('train', 1, 5), line('test', 1, 9), line('train', 2, 4), line('test', 2, 7), line('test', 3, NaN), line('train', 4, 3)];
    const tracks = emptyTracks();
    expect(summaryOf(tracks, asIs)).toEqual({});
    addPoints(tracks, points);
    expect(summaryOf(tracks, asIs)).toEqual({ bestLoss: 7, seconds: 0.4 });
    const file = path.join(dir, 'metrics.jsonl');
    await writeFile(file, `${points.map((point) => JSON.stringify(point)).join('\n')}\n{"step":5,"split":"test","los`);
    expect(await readSummary(dir, asIs)).toEqual({ bestLoss: 7, seconds: 0.4 });
    await appendFile(file, `\n${JSON.stringify(line('test', 6, 6))}\n`);
    expect(await readSummary(dir, asIs)).toEqual({ bestLoss: 6, seconds: 0.6 });
  });
  it('is of the whole held-out set where that was evaluated: one batch of it may be an easy one', async () => {
    const dir = await makeRun('whole');
    const points = [line('test', 1, 5), { ...line('test', 2, 8), wholeSet: true }, line('test', 3, 4), { ...line('test', 4, 7), wholeSet: true }];
    const tracks = emptyTracks();
    addPoints(tracks, points);
    expect(summaryOf(tracks, asIs).bestLoss).toBe(7);
    await writeFile(path.join(dir, 'metrics.jsonl'), points.map((point) => `${JSON.stringify(point)}\n`).join(''));
    expect((await readSummary(dir, asIs)).bestLoss).toBe(7);
  });
  it.each([
    ['set by hand', { marks: [{ step: 3, seconds: 0, name: 'learningRate', from: 1, to: 2 }, { step: 3, seconds: 0, name: 'beta', from: 1, to: 4 }] }, () => undefined, [8, undefined, 20, 15]],
    ['changed with the model', { marks: [], changes: [{ step: 3 }] }, () => undefined, [8, undefined, 20, 15]],
    ['given by a schedule', asIs, (step: number) => ({ beta: Math.min(1, step / 3), learningRate: 1 / step }), [8, undefined, 20, 15]],
    ['the learning rate alone', { marks: [{ step: 3, seconds: 0, name: 'learningRate', from: 1, to: 2 }] }, (step: number) => ({ learningRate: 1 / step }), [8, 8, 8, 8]],
  ] as const)('begins its best anew where the loss is made of other weights: %s', async (_, by, scheduled, wanted) => {
    const dir = await makeRun('weights');
    const tracks = emptyTracks();
    const file = path.join(dir, 'metrics.jsonl');
    await writeFile(file, '');
    const told: [number | undefined, number | undefined][] = [];
    for (const [i, points] of [[line('train', 2, 9), { ...line('test', 2, 8), wholeSet: true }], [line('train', 3, 30)], [{ ...line('test', 3, 20), wholeSet: true }], [line('train', 4, 30), { ...line('test', 4, 15), wholeSet: true }]].entries()) {
      const given = points.map((point) => { const values = scheduled(point.step); return point.split === 'train' && values ? { ...point, scheduled: values } : point; });
      addPoints(tracks, given);
      await appendFile(file, given.map((point) => `${JSON.stringify(point)}\n`).join(''));
      const happened = i === 0 ? asIs : by;
      told.push([summaryOf(tracks, happened).bestLoss, (await readSummary(dir, happened)).bestLoss]);
    }
    expect(told).toEqual(wanted.map((loss) => [loss, loss]));
  });
  it('is as large as its files', async () => {
    const dir = await makeRun('a');
    const before = await bytesOf(dir);
    await writeFile(path.join(dir, 'checkpoints', 'more'), new Uint8Array(234));
    expect([await bytesOf(dir) - before, await bytesOf(path.join(dir, 'none'))]).toEqual([234, 0]);
  });
});

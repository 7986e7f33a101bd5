import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/protocol/run';
import { movedFile, movedModel } from '../../../src/runs/movedModel';
import { manifestOf } from './manifestOf';

const change = (source: string) => ({ step: 7, seconds: 1, marks: 0, what: [], source, asked: { engine: 'auto', set: {} } });
const run = manifestOf({ modelFile: '/a/b/m.vae.ts', source: 'first', changes: [change('second')] });

describe('a run whose model file is moved', () => {
  it('is that of the file where it is', () => {
    expect(movedFile('/a/b/m.vae.ts', '/a/b/m.vae.ts', '/c.vae.ts')).toBe('/c.vae.ts');
    expect(movedFile('/a/b/m.vae.ts', '/a', '/z/y')).toBe('/z/y/b/m.vae.ts');
    expect(movedFile('/a/b/m.vae.ts', '/', '/z')).toBe('/z/a/b/m.vae.ts');
    for (const other of ['/a/b/m', '/a/b/m.vae.tsx', '/a/bb', '/a/b/m.vae.ts/x']) expect(movedFile('/a/b/m.vae.ts', other, '/z')).toBeUndefined();
    expect(movedModel(run, '/x', '/y')).toBeUndefined();
  });
  it('finds what its texts import where it did: in a folder that stays, and in one that goes along', () => {
    const renamed = movedModel(run, '/a/b/m.vae.ts', '/a/b/n.vae.ts');
    expect(renamed).toEqual({ ...run, modelFile: '/a/b/n.vae.ts' });
    const moved = movedModel(run, '/a/b/m.vae.ts', '/c/m.vae.ts') ?? run;
    expect([textOf(moved, 0), textOf(moved, 1)]).toEqual([{ source: 'first', modelFile: '/a/b/m.vae.ts' }, { source: 'second', modelFile: '/a/b/m.vae.ts' }]);
    const later = { ...moved, changes: [...moved.changes ?? [], change('third')] };
    expect(textOf(later)).toEqual({ source: 'third', modelFile: '/c/m.vae.ts' });
    const folder = movedModel(later, '/c', '/d') ?? later;
    expect([folder.modelFile, ...[0, 1, 2].map((revision) => textOf(folder, revision).modelFile)]).toEqual(['/d/m.vae.ts', '/a/b/m.vae.ts', '/a/b/m.vae.ts', '/d/m.vae.ts']);
    const first = movedModel(later, '/a', '/e') ?? later;
    expect(first.modelFile).toBe('/c/m.vae.ts'); // what it imports is somewhere else than it says now
    const back = movedModel(moved, '/c/m.vae.ts', '/a/b/m.vae.ts');
    expect(back).toEqual(run);
  });
  it('has the line of its error there', () => {
    const failed = manifestOf({ modelFile: '/a/m.vae.ts', state: { kind: 'failed', error: { code: 'modelFile', message: 'no', location: { file: '/a/m.vae.ts', line: 3 } } } });
    expect(movedModel(failed, '/a', '/b')?.state).toMatchObject({ error: { location: { file: '/b/m.vae.ts', line: 3 } } });
  });
});

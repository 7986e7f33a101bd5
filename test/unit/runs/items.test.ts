import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunItems } from '../../../src/runs/items';

let dir: string;
beforeEach(async () => { dir = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-items-')); });
afterEach(() => rm(dir, { recursive: true, force: true }));
const point = (name: string, ...z: number[]) => ({ name, item: { kind: 'point' as const, z } });

describe('what a run keeps', () => {
  it('is read as it was saved; one of the same name takes its place', async () => {
    const items = new RunItems(dir);
    expect(await items.read()).toEqual([]);
    await Promise.all([items.save(point('a', 1)), items.save(point('b', 2)), items.save(point('a', 3))]);
    expect(await new RunItems(dir).read()).toEqual([point('a', 3), point('b', 2)]);
    expect(await items.delete('a')).toEqual([point('b', 2)]);
  });
  it.each([['no JSON', '{'], ['of a kind unknown', '{"schemaVersion":1,"items":[{"name":"a","item":{"kind":"cube"}}]}'], ['with a number that is none', '{"schemaVersion":1,"items":[{"name":"a","item":{"kind":"point","z":[null]}}]}']])('is never written over where the file is damaged: %s', async (_, text) => {
    const file = path.join(dir, 'items.json');
    await writeFile(file, text);
    const items = new RunItems(dir);
    await expect(items.read()).rejects.toThrow(`${file} is damaged. Mend it, or delete it to begin anew.`);
    await expect(items.save(point('a', 1))).rejects.toThrow('is damaged');
    expect(await readFile(file, 'utf8')).toBe(text);
    await rm(file);
    expect(await items.save(point('a', 1))).toEqual([point('a', 1)]); // a failure does not stay
  });
});

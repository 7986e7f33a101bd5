import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from '../../../src/runs/atomicFile';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32')('a file of a run\'s folder that somebody else has put there as a link', () => {
  it.each([['itself', 'run.json'], ['as it is written aside', `run.json.${process.pid}.tmp`]])('is not followed out of the folder: %s', async (_, name) => {
    const outside = path.join(folder, 'outside');
    await writeFile(outside, 'mine');
    await symlink(outside, path.join(folder, name));
    await writeAtomically(path.join(folder, 'run.json'), 'new');
    expect([await readFile(outside, 'utf8'), await readFile(path.join(folder, 'run.json'), 'utf8'), (await readdir(folder)).sort()]).toEqual(['mine', 'new', ['outside', 'run.json']]);
  });
});

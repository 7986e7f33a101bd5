import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readLines, sampleLines } from '../../../src/runs/lines';

const schema = z.object({ step: z.number(), words: z.string() });
const LINES = 40_000;
const text = (words: string): string => Array.from({ length: LINES }, (_, i) => JSON.stringify({ step: i + 1, words })).join('\n');
const last = (steps: readonly number[]): number => steps.at(-1) ?? 0;
let top: string;
beforeEach(async () => { top = await mkdtemp(path.join(os.tmpdir(), 'vae-lab-test-')); });
afterEach(() => rm(top, { recursive: true }));
const written = async (content: string): Promise<string> => {
  const file = path.join(top, 'lines.jsonl');
  await writeFile(file, content);
  return file;
};

describe('lines of JSON', () => {
  it('are read with turns for others in between', async () => {
    const file = await written(`${text('Zahl für Zahl')}\n{"step":`);
    let turns = 0;
    let ended = false;
    const count = (): void => { turns++; if (!ended) setImmediate(count); };
    setImmediate(count);
    const lines = await readLines(file, schema);
    ended = true;
    expect([lines.length, lines.at(-1)?.step]).toEqual([LINES, LINES]);
    expect(turns).toBeGreaterThan(2);
  });
  it('are chosen evenly from first to last, each whole, those that are damaged left out', async () => {
    const file = await written(`${text('Größe').replace(/"step":9\d\d,/g, '"step":x,')}\n{"step":`);
    const steps = (await sampleLines(file, schema, 100))?.map(({ step }) => step) ?? [];
    expect(steps[0]).toBe(1);
    expect(steps.length).toBeGreaterThan(95);
    expect(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0))).toBe(true);
    const gaps = steps.slice(1).map((step, i) => step - (steps[i] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(3 * LINES / 100);
    expect(last(steps)).toBeGreaterThan(LINES - 2 * LINES / 100);
  });
  it('of a short file, and of none, are not chosen from', async () => {
    expect(await sampleLines(await written('{"step":1,"words":""}\n'), schema, 100)).toBeUndefined();
    expect(await sampleLines(path.join(top, 'none.jsonl'), schema, 100)).toBeUndefined();
  });
  it('that are longer than others do not end the choice', async () => {
    const steps = (await sampleLines(await written(`${text('a')}\n${JSON.stringify({ step: 0, words: 'long'.repeat(10_000) })}\n${text('b')}\n`), schema, 200))?.map(({ step }) => step) ?? [];
    expect(steps.length).toBeGreaterThan(180);
  });
});

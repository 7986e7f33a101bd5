import { describe, expect, it } from 'vitest';
import { latestOnly } from '../../../src/webview/latent/latestOnly';

describe('latestOnly', () => {
  it('makes one request at a time, and of those asked for meanwhile only the newest', async () => {
    const made: number[] = [];
    const ends: (() => void)[] = [];
    let idle: () => void = () => undefined;
    const rest = new Promise<void>((resolve) => { idle = resolve; });
    const ask = latestOnly((value: number) => {
      made.push(value);
      if (value === 9) idle();
      return new Promise<void>((resolve, reject) => { ends.push(value === 1 ? () => { reject(new Error('one that failed')); } : resolve); }).catch(() => undefined);
    });
    for (const value of [1, 2, 3]) ask(value);
    expect(made).toEqual([1]);
    ends[0]?.();
    await Promise.resolve().then(() => undefined).then(() => undefined).then(() => undefined).then(() => undefined);
    expect(made).toEqual([1, 3]);
    ask(9);
    ends[1]?.();
    await rest;
    expect(made).toEqual([1, 3, 9]);
  });
});

import { describe, expect, it } from 'vitest';
import { KeptState } from '../../../src/extension/panels/keptState';

/** The editor's store of a workspace, as far as it is used here. */
class Memento {
  readonly values = new Map<string, unknown>();
  keys(): readonly string[] { return [...this.values.keys()]; }
  get(key: string): undefined;
  get<T>(key: string, otherwise?: T): T;
  get<T>(key: string): T | undefined { return this.values.get(key) as T | undefined; }
  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key); else this.values.set(key, value);
    return Promise.resolve();
  }
}

describe('what panels keep', () => {
  it('is kept by model and by part', async () => {
    const kept = new KeptState(new Memento());
    await kept.keep({ file: '/a.vae.ts', name: 'one' }, 'latent', { tool: 'path' });
    await kept.keep({ file: '/a.vae.ts', name: 'one', runId: 'any' }, 'other', 2);
    expect(kept.of({ file: '/a.vae.ts', name: 'one' })).toEqual({ latent: { tool: 'path' }, other: 2 });
    expect(kept.of({ file: '/a.vae.ts', name: 'two' })).toEqual({});
  });
  it('does not grow for ever', async () => {
    const memento = new Memento();
    const kept = new KeptState(memento);
    for (let i = 0; i < 30; i++) await kept.keep({ file: `/${i}.vae.ts`, name: 'one' }, 'latent', i);
    expect(memento.values.size).toBe(20);
    expect(kept.of({ file: '/29.vae.ts', name: 'one' })).toEqual({ latent: 29 });
    await kept.keep({ file: '/29.vae.ts', name: 'one' }, 'latent', 'x'.repeat(2 ** 20));
    expect(kept.of({ file: '/29.vae.ts', name: 'one' })).toEqual({ latent: 29 });
  });
});

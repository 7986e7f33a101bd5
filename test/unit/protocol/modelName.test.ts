import { describe, expect, it } from 'vitest';
import { nameAmong } from '../../../src/protocol/modelName';

describe('a model\'s name', () => {
  const here = { file: '/models/a/m.vae.ts', name: 'shapes' };
  it('is with its file where another has a model of that name', () => {
    expect(nameAmong(here, [here, { file: '/models/a/m.vae.ts', name: 'other' }, { file: '/models/b/m.vae.ts', name: 'digits' }])).toBe('shapes');
    expect(nameAmong(here, [here, { file: '/models/b/m.vae.ts', name: 'shapes' }])).toBe('shapes, a/m.vae.ts');
    expect(nameAmong({ file: 'C:\\models\\b\\m.vae.ts', name: 'shapes' }, [here])).toBe('shapes, b/m.vae.ts');
  });
});

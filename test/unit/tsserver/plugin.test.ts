import { describe, expect, it } from 'vitest';
import { declarationOf } from '../../../src/tsserver/plugin';

describe('declarationOf', () => {
  it('knows the modules of a model file, and no other', () => {
    expect(declarationOf('vae-lab', '/types')).toBe('/types/vae/index.d.ts');
    expect(declarationOf('@tensorflow/tfjs', '/types')).toBe('/types/tensorflow/tfjs/dist/index.d.ts');
    expect(declarationOf('@tensorflow/tfjs-core/dist/tensor.js', '/types')).toBe('/types/tensorflow/tfjs-core/dist/tensor.d.ts');
    for (const other of ['vae-lab/x', '@tensorflow/tfjs-vis', './vae-lab', 'react']) expect(declarationOf(other, '/types')).toBeUndefined();
  });
});

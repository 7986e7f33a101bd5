import { describe, expect, it } from 'vitest';
import { loadModel } from '../../src/host/loadModel';

const load = (objective: string) => loadModel('/models/wrong.vae.ts', undefined, `import { elbow, elbo, mlp, quantumObjective, sprites, vae } from 'vae-lab';
export const wrong = vae({ data: sprites(), latentDim: 2, ...mlp(),
  objective: ${objective} });
`);

describe('a model file that calls what the library does not have', () => {
  it('is told the name, the line and what may have been meant', async () => {
    await expect(load('elbow({ beta: 1 })')).rejects.toMatchObject({ message: 'vae-lab has no "elbow". Did you mean "elbo"?', location: { file: '/models/wrong.vae.ts', line: 3 } });
    await expect(load('quantumObjective()')).rejects.toMatchObject({ message: expect.stringMatching(/^vae-lab has no "quantumObjective"\. It has: .*elbo, /) as string });
    await expect(load('elbo({ beta: -1 })')).rejects.toMatchObject({ message: expect.stringContaining('beta must be a number of at least 0') as string });
    await expect(load('undefined as never ?? elbo()')).resolves.toMatchObject({ name: 'wrong' });
  });
});

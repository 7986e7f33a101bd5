import { beforeAll, describe, expect, it } from 'vitest';
import { startBackend } from '../../../src/host/engines/backends';
import { buildProgram, type ImageShape } from '../../../src/host/engines/index';
import { burgessConv, mlp, resnetConv, sprites, vae, type Networks } from '../../../src/vae/index';
import { Random } from '../../../src/host/training/index';

beforeAll(() => startBackend('cpu'));
/** The weights of a VAE of these networks by name, after it has learned a little. */
async function learned(networks: Networks, shape: ImageShape): Promise<{ shapes: Record<string, readonly number[]>; fell: boolean }> {
  const model = vae({ data: sprites(), latentDim: 4, ...networks, training: { batchSize: 8 } });
  const { program } = await buildProgram('compiled', model, 1, shape);
  const random = new Random(1);
  const batch = { count: 8, data: Float32Array.from({ length: 8 * shape[0] * shape[1] * shape[2] }, () => 0.2 * random.uniform()) };
  const losses: number[] = [];
  const noise = random.normals(8 * 4);
  for (let step = 0; step < 12; step++) losses.push((await program.step(batch, noise, { learningRate: 1e-3 })).loss);
  const shapes = Object.fromEntries((await program.getState()).filter(({ name }) => !name.startsWith('optimizer/') && name.endsWith('kernel')).map((tensor) => [tensor.name, tensor.shape]));
  expect(await program.decode(new Float32Array(8), 2)).toHaveLength(2 * shape[0] * shape[1] * shape[2]);
  program.dispose();
  return { shapes, fell: (losses.at(-1) ?? NaN) < (losses[0] ?? NaN) };
}

describe('ready networks', () => {
  it('mlp(): the decoder has the encoder\'s layers in reverse', async () => {
    const { shapes, fell } = await learned(mlp({ hidden: [12, 5] }), [6, 4, 1]);
    expect(fell).toBe(true);
    expect(Object.values(shapes)).toEqual([[24, 12], [12, 5], [5, 4], [5, 4], [4, 5], [5, 12], [12, 24]]);
  });
  it('burgessConv(): three convolutions for 32x32, four for 64x64, down to 4x4; smaller pictures are framed', async () => {
    const convolutions = (shapes: Record<string, readonly number[]>, part: string): number => Object.entries(shapes).filter(([name, shape]) => name.startsWith(part) && shape.length === 4 && shape[0] === 4).length;
    const small = await learned(burgessConv(), [28, 27, 1]);
    const large = await learned(burgessConv(), [64, 64, 3]);
    expect([small.fell, large.fell]).toEqual([true, true]);
    expect([small, large].map(({ shapes }) => [convolutions(shapes, 'encoder'), convolutions(shapes, 'decoder')])).toEqual([[3, 3], [4, 4]]);
    expect(Object.values(small.shapes)).toEqual(expect.arrayContaining([[512, 256], [256, 256], [256, 4], [4, 256], [256, 512]]));
    expect(Object.entries(large.shapes).find(([name]) => name.startsWith('output'))?.[1]).toEqual([1, 1, 3, 3]);
  });
  it('resnetConv(): a grid of features and back', async () => {
    const { shapes, fell } = await learned(resnetConv({ filters: 8, blocks: 1 }), [12, 8, 1]);
    expect(fell).toBe(true);
    expect(Object.values(shapes).filter((shape) => shape.length === 4 && shape[0] === 1)).toHaveLength(3); // a residual block each, and the output
    expect(Object.values(shapes)).toEqual(expect.arrayContaining([[3 * 2 * 8, 4], [4, 3 * 2 * 8]]));
  });
  it('say what does not fit', async () => {
    expect(() => mlp({ hidden: [] })).toThrow('mlp(): hidden must be a list');
    expect(() => mlp({ hidden: [1.5] })).toThrow('mlp(): hidden must be a whole number');
    expect(() => resnetConv({ blocks: -1 })).toThrow('resnetConv(): blocks must be');
    await expect(learned(burgessConv({ size: 32 }), [40, 32, 1])).rejects.toThrow('burgessConv(): pictures of 40x32 do not fit into 32x32.');
    await expect(learned(resnetConv(), [30, 32, 1])).rejects.toThrow('the sides of 30x32 pictures are no multiples of 4');
  });
});

import type { SpritesDescription } from '../../vae/data/index';
import { Random } from '../training/random';
import type { Dataset } from './dataset';
import { ByteStore } from './store';
import { StoredDataset } from './storedDataset';

const SIDE = 32;
export const spriteShapes = ['square', 'ellipse', 'heart'] as const;
/** What one picture shows; scale is half the extent in pixels, the centre is in pixels, the rotation in radians. */
export interface SpriteFactors { readonly shape: (typeof spriteShapes)[number]; readonly scale: number; readonly rotation: number; readonly x: number; readonly y: number }

/** Below zero inside; roughly a distance in units of the scale. */
function inside(shape: SpriteFactors['shape'], u: number, v: number): number {
  switch (shape) {
    case 'square': return Math.max(Math.abs(u), Math.abs(v)) - 0.8;
    case 'ellipse': return (Math.hypot(u, v * 1.8) - 1) * 0.7;
    case 'heart': {
      const a = u * 1.15;
      const b = -v * 1.15 + 0.1;
      const r = a * a + b * b - 0.8;
      return (r * r * r - a * a * b * b * b) * 1.2;
    }
  }
}

/** Draws one sprite into `pixels`, 2x2 samples a pixel for smooth edges. */
export function drawSprite(factors: SpriteFactors, pixels: Uint8Array): void {
  const { shape, scale, x, y } = factors;
  const cos = Math.cos(factors.rotation) / scale;
  const sin = Math.sin(factors.rotation) / scale;
  const reach = scale * 1.5;
  for (let row = Math.max(0, Math.floor(y - reach)); row < Math.min(SIDE, y + reach); row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column < Math.min(SIDE, x + reach); column++) {
      let hits = 0;
      for (const [dx, dy] of [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]] as const) {
        const px = column + dx - x;
        const py = row + dy - y;
        if (inside(shape, cos * px + sin * py, cos * py - sin * px) < 0) hits++;
      }
      pixels[row * SIDE + column] = Math.round(hits * 63.75);
    }
  }
}

const factorNames = ['shape', 'scale', 'rotation', 'x', 'y'] as const;

/** `count` sprites: pixels, and the factors of each as [count, factors], the shape by its number. */
function draw(random: Random, count: number): { bytes: Uint8Array; factors: Float32Array } {
  const bytes = new Uint8Array(count * SIDE * SIDE);
  const values = new Float32Array(count * factorNames.length);
  for (let i = 0; i < count; i++) {
    const shape = Math.floor(random.uniform() * spriteShapes.length);
    const factors: SpriteFactors = {
      shape: spriteShapes[shape] ?? 'square',
      scale: 4 + 4 * random.uniform(),
      rotation: 2 * Math.PI * random.uniform(),
      x: 10 + 12 * random.uniform(),
      y: 10 + 12 * random.uniform(),
    };
    drawSprite(factors, bytes.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
    values.set([shape, factors.scale, factors.rotation, factors.x, factors.y], i * factorNames.length);
  }
  return { bytes, factors: values };
}

export function makeSprites(description: SpritesDescription): Dataset {
  const { seed, trainCount, testCount } = description;
  const [train, test] = [draw(new Random(seed, 21), trainCount), draw(new Random(seed, 22), testCount)];
  const shapesOf = (factors: Float32Array): Int32Array => Int32Array.from({ length: factors.length / factorNames.length }, (_, i) => factors[i * factorNames.length] ?? 0);
  return new StoredDataset({
    name: 'sprites', imageShape: [SIDE, SIDE, 1], preparation: description, train: new ByteStore(train.bytes, SIDE * SIDE), test: new ByteStore(test.bytes, SIDE * SIDE),
    labels: { names: spriteShapes, train: shapesOf(train.factors), test: shapesOf(test.factors) },
    factors: { names: factorNames, train: train.factors, test: test.factors },
  });
}

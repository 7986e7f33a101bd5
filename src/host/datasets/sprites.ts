import type { SpritesDescription } from '../../vae/data';
import { Random } from '../training/random';
import { ByteDataset, type Factors } from './dataset';

const NAME = 'sprites';
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
interface Drawn { readonly bytes: Uint8Array; /** [count, factors]; a shape by its number. */ readonly factors: Float32Array }

function draw(random: Random, count: number): Drawn {
  const bytes = new Uint8Array(count * SIDE * SIDE);
  const drawn = new Float32Array(count * factorNames.length);
  for (let i = 0; i < count; i++) {
    const factors: SpriteFactors = {
      shape: spriteShapes[Math.floor(random.uniform() * spriteShapes.length)] ?? 'square',
      scale: 4 + 4 * random.uniform(),
      rotation: 2 * Math.PI * random.uniform(),
      x: 10 + 12 * random.uniform(),
      y: 10 + 12 * random.uniform(),
    };
    drawSprite(factors, bytes.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE));
    drawn.set([spriteShapes.indexOf(factors.shape), factors.scale, factors.rotation, factors.x, factors.y], i * factorNames.length);
  }
  return { bytes, factors: drawn };
}

class Sprites extends ByteDataset {
  readonly factors: Factors;
  constructor(drawn: { readonly train: Drawn; readonly test: Drawn }) {
    super(NAME, [SIDE, SIDE, 1], drawn.train.bytes, drawn.test.bytes);
    const rowOf = ({ factors }: Drawn, index: number): number[] => Array.from(factors.subarray(index * factorNames.length, (index + 1) * factorNames.length));
    this.factors = { names: factorNames, values: (split, indices) => Float32Array.from(indices.flatMap((index) => rowOf(drawn[split], index))) };
  }
}

export function makeSprites({ seed, trainCount, testCount }: SpritesDescription): ByteDataset {
  return new Sprites({ train: draw(new Random(seed, 21), trainCount), test: draw(new Random(seed, 22), testCount) });
}

import { GifReader } from 'omggif';
import { describe, expect, it } from 'vitest';
import { animatedGif } from '../../../src/runs/gif';

/** A pixel of each frame, as another library reads it. */
function frames(gif: Uint8Array, x: number, y: number): number[][] {
  const reader = new GifReader(Buffer.from(gif));
  return Array.from({ length: reader.numFrames() }, (_, i) => {
    const rgba = new Uint8Array(reader.width * reader.height * 4);
    reader.decodeAndBlitFrameRGBA(i, rgba);
    return [...rgba.subarray((y * reader.width + x) * 4, (y * reader.width + x) * 4 + 3)];
  });
}

describe('a GIF', () => {
  it('shows grey pictures exactly, there and back, enlarged, for ever', () => {
    const gif = animatedGif([{ count: 3, height: 2, width: 2, channels: 1, pixels: Uint8Array.of(0, 1, 2, 3, 100, 101, 102, 103, 255, 254, 253, 252) }]);
    const reader = new GifReader(Buffer.from(gif));
    expect([reader.width, reader.height, reader.numFrames(), reader.loopCount()]).toEqual([224, 224, 4, 0]);
    expect(frames(gif, 223, 0)).toEqual([1, 101, 254, 101].map((grey) => [grey, grey, grey]));
  });
  it('shows few colours as they are', () => {
    const gif = animatedGif([{ count: 2, height: 1, width: 1, channels: 3, pixels: Uint8Array.of(248, 0, 0, 0, 0, 248) }]);
    expect(frames(gif, 5, 5)).toEqual([[248, 0, 0], [0, 0, 248]]);
  });
  it('of nothing cannot be written', () => { expect(() => animatedGif([])).toThrow('There is no picture to write.'); });
});

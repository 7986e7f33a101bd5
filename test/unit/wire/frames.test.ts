import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createSocketConnection } from '../../../src/wire/connection';
import { encodeFrame, FrameError, FrameReader } from '../../../src/wire/frames';

const message = { id: 1, params: { pixels: Uint8Array.of(1, 2, 3), z: Float32Array.of(0.5, -2), name: 'ü' } };

describe('frames', () => {
  it('carry JSON and typed arrays, in chunks of any size', () => {
    const bytes = Buffer.concat([encodeFrame(message), encodeFrame({ id: 2 })]);
    for (const size of [1, 7, bytes.length]) {
      const reader = new FrameReader();
      const got: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) got.push(...reader.push(bytes.subarray(at, at + size)));
      expect(got).toEqual([message, { id: 2 }]);
    }
  });
  it('are refused when too large, before the bytes are kept', () => {
    expect(() => new FrameReader().push(Buffer.from('Content-Length: 4000000000\r\nBlob-Lengths: \r\n\r\n'))).toThrow(FrameError);
    expect(() => new FrameReader().push(Buffer.from('Content-Length: 2\r\nBlob-Lengths: 4000000000\r\n\r\n'))).toThrow(/limit/);
  });
  it('are refused when garbage', () => {
    expect(() => new FrameReader().push(Buffer.alloc(20_000, 'x'))).toThrow(FrameError);
    expect(() => new FrameReader().push(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toThrow(FrameError);
    expect(() => new FrameReader().push(Buffer.from('Content-Length: 2\r\nBlob-Lengths: \r\n\r\n{{'))).toThrow(FrameError);
    expect(() => new FrameReader().push(Buffer.from('Content-Length: 26\r\nBlob-Lengths: \r\n\r\n{"a":{"$blob":3,"type":""}}'.slice(0, -1)))).toThrow(FrameError);
  });
});

/** Two ends of one wire. */
function wire(): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  for (const other of [1, 0]) ends.push(new Duplex({ read: () => undefined, write: (chunk, _encoding, done) => { ends[other]?.push(chunk); done(); } }));
  return [ends[0] ?? Duplex.from([]), ends[1] ?? Duplex.from([])];
}

describe('a connection', () => {
  it('answers with an error where an answer is too large, and goes on', async () => {
    const [here, there] = wire();
    const [asking, answering] = [createSocketConnection(here), createSocketConnection(there)];
    answering.onRequest('all', () => ({ pixels: new Uint8Array(65 * 2 ** 20) }));
    answering.onRequest('some', () => ({ pixels: Uint8Array.of(7) }));
    for (const each of [asking, answering]) each.listen();
    await expect(asking.sendRequest('all', {})).rejects.toThrow(/over the limit/);
    expect(await asking.sendRequest('some', {})).toEqual({ pixels: Uint8Array.of(7) });
    for (const each of [asking, answering]) each.dispose();
  });
});

import path from 'node:path';
import { expect, it } from 'vitest';
import { forLayer, personsLine, personsLineNow } from '../../../../../src/host/engines/compiled/trace/madeAt';

const own = path.resolve('src/host/engines/compiled/trace/run.ts');
const stack = (...frames: string[]): string => ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n');

it.each([
  ['in a function', stack('decode (/home/a/digits.vae.ts:12:7)', 'main (/home/a/other.ts:1:1)'), '/home/a/digits.vae.ts:12'],
  ['outside of any', stack('/home/a/digits.vae.ts:3:1'), '/home/a/digits.vae.ts:3'],
  ['as an address', stack('file:///home/a%20b/digits.vae.ts:3:1'), '/home/a b/digits.vae.ts:3'],
  ['in a folder with brackets', stack('new Model [as x] (/home/a (b)/digits.vae.ts:3:1)'), '/home/a (b)/digits.vae.ts:3'],
  ['after await', stack('async decode (/home/a/digits.vae.ts:4:1)'), '/home/a/digits.vae.ts:4'],
  ['below TensorFlow.js, Node.js and this program', stack('op (/p/node_modules/@tensorflow/tfjs-core/dist/engine.js:9:9)', 'op (/p/tfjs-core/src/engine.ts:9:9)', `run (${own}:9:9)`, 'node:internal/main:1:1', '<anonymous>', 'f (/home/a/digits.vae.ts:8:2)'), '/home/a/digits.vae.ts:8'],
  ['nowhere', stack(`run (${own}:9:9)`, 'native'), undefined],
])('finds the person\'s line %s', (_, text, expected) => { expect(personsLine(text)).toBe(expected); });

it('is the line of a layer for calls that show no other', () => {
  const made = stack('encoder (/home/a/digits.vae.ts:5:3)');
  const here = forLayer(made, personsLineNow);
  const custom = (): string | undefined => personsLineNow(); // as the call() of a layer of the person's own
  const deeper = forLayer(made, custom);
  const outer = forLayer(made, () => forLayer(undefined, personsLineNow));
  expect([here, outer]).toEqual(['/home/a/digits.vae.ts:5', '/home/a/digits.vae.ts:5']);
  expect(deeper).toMatch(/madeAt\.test\.ts:\d+$/);
  expect(personsLineNow()).toMatch(/madeAt\.test\.ts:\d+$/);
  expect(() => forLayer(made, () => { throw new Error('mine'); })).toThrow('mine');
  expect(personsLineNow()).not.toContain('digits');
});

import { createHash } from 'node:crypto';
import type { Traced } from './trace/index';

/** The same for a step of the same operations and constants, lowered to the same model (by its hash) and run by the same library on the same kind of machine. */
export function fingerprintOf({ graph: { inputs, constants, calls, outputs }, noise }: Traced, model: string, runtime: string): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.platform, process.arch, runtime, model, inputs, outputs, noise, calls.map(({ madeAt: _madeAt, ...call }) => call)]));
  for (const { value, data } of constants) hash.update(JSON.stringify(value)).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

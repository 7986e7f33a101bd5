import type { RunConnection } from '../client/hosts';
import { protocolInWords } from '../protocol/evaluationInWords';
import { MOST_SHOWN, type Damage } from '../protocol/usesApi';
import { Exit, split, UsageError, whole, type Values } from './arguments';
import { writeGrid } from './pictures';

const [SIGMA, BOX] = [0.3, 12];
/** A mean squared error of pixels in [0, 1] as a signal-to-noise ratio. */
const decibels = (error: number): string => (-10 * Math.log10(Math.max(1e-12, error))).toFixed(1);

/** Adds noise to held-out pictures and takes it away again. Returns the exit code. */
export function denoise(run: RunConnection, values: Values): Promise<number> {
  const sigma = Number(values.noise ?? SIGMA);
  if (!(sigma > 0 && sigma <= 10)) throw new UsageError(`--noise must be a number above 0 and at most 10; got "${values.noise ?? ''}".`);
  return mend(run, { kind: 'gaussianNoise', sigma }, 'of all pixels', values);
}
/** Covers a box of held-out pictures and fills it in. Returns the exit code. */
export function complete(run: RunConnection, values: Values): Promise<number> {
  const side = whole('box', values.box, 1) ?? BOX;
  return mend(run, { kind: 'maskBox', height: side, width: side }, 'of the covered pixels', values);
}

async function mend(run: RunConnection, damage: Damage, which: string, values: Values): Promise<number> {
  const { originals, damaged, mended, before, after, protocol } = await run.api.request('mend', { damage, split: split(values.split), shown: whole('count', values.count, 1, MOST_SHOWN.mend), examples: whole('examples', values.examples, 1), seed: whole('seed', values.seed, 0) });
  if (values.json) console.log(JSON.stringify({ before, after, protocol }));
  else console.log(`Mean squared error ${which}: ${before.toFixed(4)} damaged (${decibels(before)} dB), ${after.toFixed(4)} mended (${decibels(after)} dB)\n    ${protocolInWords(protocol)}`);
  if (values.out !== undefined) await writeGrid(values.out, [originals, damaged, mended], originals.count, values.json);
  return Exit.ok;
}

import { parseArgs } from 'node:util';
import { engineNames, isEngineName, type EngineName } from '../spec/engines';
import { errorText } from '../protocol/errorText';

/** Exit codes; README lists them. */
export const Exit = { ok: 0, usage: 2, modelFile: 3, data: 4, training: 5, setUp: 6, interrupted: 130 } as const;
export class UsageError extends Error {}

export const usage = `Usage:
  vae-lab train FILE [--model NAME] [--set NAME=VALUE]... [--epochs N] [--seed N] [--engine NAME] [--data DIR] [--out DIR] [--json]
  vae-lab sample RUN [-n COUNT] [--seed N] --out FILE.png
  vae-lab reconstruct RUN [-n COUNT] --out FILE.png
  vae-lab interpolate RUN --from I --to J [-n STEPS] --out FILE.png
  vae-lab draw RUN NAME [--from FILE] --out FILE.png
  vae-lab runs [--json]
  vae-lab doctor [--model FILE[#NAME]] [--data DIR] [--json]
  vae-lab setup-engine tensorflow [--cpu|--gpu] [--source npm|pypi] [--yes]
  vae-lab setup-engine tensorflow --remove
RUN is a run's id, the start of one, or "last". A picture named FILE.gif moves.`;

const options = {
  model: { type: 'string' }, set: { type: 'string', multiple: true }, epochs: { type: 'string' }, seed: { type: 'string' }, engine: { type: 'string' }, data: { type: 'string' },
  out: { type: 'string' }, json: { type: 'boolean' }, count: { type: 'string', short: 'n' }, from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  cpu: { type: 'boolean' }, gpu: { type: 'boolean' }, source: { type: 'string' }, remove: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' },
} as const;

/** @throws UsageError */
export function parseCommand(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    return { values, positionals };
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}
export type Values = ReturnType<typeof parseCommand>['values'];

/** A whole number of an option. @throws UsageError */
export function whole(name: string, text: string | undefined, low: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < low) throw new UsageError(`--${name} must be a whole number of at least ${low}; got "${text}".`);
  return value;
}

/** The engine named, or `auto`. @throws UsageError */
export function engine(name = 'auto'): EngineName {
  if (!isEngineName(name)) throw new UsageError(`--engine must be one of ${engineNames.join(', ')}; got "${name}".`);
  return name;
}

/** `beta=4` as a record; which there are, and their ranges, is the model's to say. @throws UsageError */
export function hyperparameters(settings: readonly string[] = []): Record<string, number> {
  return Object.fromEntries(settings.map((setting) => {
    const [name = '', text = ''] = setting.split('=');
    const value = text.trim() === '' ? NaN : Number(text);
    if (name === '' || !Number.isFinite(value)) throw new UsageError(`--set takes NAME=VALUE, such as beta=4; got "${setting}".`);
    return [name, value];
  }));
}

import { parseArgs } from 'node:util';
import { engineNames, isEngineName, type EngineName } from '../spec/engines';
import { errorText } from '../protocol/errorText';
import { splits } from '../protocol/evaluation';

/** Exit codes; README lists them. */
export const Exit = { ok: 0, usage: 2, modelFile: 3, data: 4, training: 5, setUp: 6, unlike: 7, interrupted: 130 } as const;
export class UsageError extends Error {}

export const usage = `Usage:
  vae-lab train FILE [--model NAME] [--set NAME=VALUE]... [--epochs N] [--seed N] [--engine NAME] [--data DIR] [--out DIR] [--keep-every STEPS] [--json]
  vae-lab resume RUN [--data DIR] [--json]
  vae-lab branch RUN [--step N] [--set NAME=VALUE]... [--epochs N] [--engine NAME] [--data DIR] [--out DIR] [--keep-every STEPS] [--json]
  vae-lab sample RUN [-n COUNT] [--seed N] --out FILE.png
  vae-lab reconstruct RUN [-n COUNT] --out FILE.png
  vae-lab prior RUN [--json]
  vae-lab interpolate RUN --from I --to J [-n STEPS] --out FILE.png
  vae-lab draw RUN NAME [--from FILE] --out FILE.png
  vae-lab export RUN --format onnx|safetensors|tensorboard|png --out PATH [-n COUNT] [--batch N]
  vae-lab evaluate RUN [--samples K] [--split test|validation|train] [--examples N] [--seed N] [--out PAIRS.png] [--json]
  vae-lab compare RUN RUN [--json]
  vae-lab anomalies RUN [--class N] [--score elbo|reconstruction] [--out FILE.png] [--json]
  vae-lab denoise RUN [--noise SIGMA] [-n COUNT] [--out FILE.png] [--json]
  vae-lab complete RUN [--box PIXELS] [-n COUNT] [--out FILE.png] [--json]
  vae-lab attribute RUN --from CLASS --to CLASS [-n COUNT] --out FILE.png
  vae-lab compress RUN [--from STRIP.png] [--examples N] [--lossless] --out FILE.vae [--json]
  vae-lab decompress RUN FILE.vae --out STRIP.png
  vae-lab runs [--json]
  vae-lab doctor [--model FILE[#NAME]] [--data DIR] [--json]
  vae-lab setup-engine tensorflow [--cpu|--gpu] [--source npm|pypi] [--yes]
  vae-lab setup-engine tensorflow --remove
anomalies, denoise and complete take --split test|validation|train, --examples N and --seed N, too; attribute and compress --split. What looks at a run takes --data DIR.
RUN is a run's id, the start of one, or "last". A picture named FILE.gif moves.`;

const options = {
  model: { type: 'string' }, set: { type: 'string', multiple: true }, epochs: { type: 'string' }, seed: { type: 'string' }, engine: { type: 'string' }, data: { type: 'string' },
  out: { type: 'string' }, json: { type: 'boolean' }, count: { type: 'string', short: 'n' }, from: { type: 'string' }, to: { type: 'string' }, help: { type: 'boolean', short: 'h' },
  step: { type: 'string' }, 'keep-every': { type: 'string' },
  format: { type: 'string' }, batch: { type: 'string' },
  samples: { type: 'string' }, split: { type: 'string' }, examples: { type: 'string' }, class: { type: 'string' }, score: { type: 'string' }, noise: { type: 'string' }, box: { type: 'string' },
  cpu: { type: 'boolean' }, gpu: { type: 'boolean' }, source: { type: 'string' }, remove: { type: 'boolean' }, lossless: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' },
} as const;

type Option = keyof typeof options;
const held = ['split', 'examples', 'seed', 'data'] as const satisfies readonly Option[];
const begins = ['set', 'epochs', 'engine', 'data', 'out', 'keep-every', 'json'] as const satisfies readonly Option[];
/** What each command takes; `help` all do. */
const taken: Readonly<Record<string, readonly Option[]>> = {
  train: [...begins, 'model', 'seed'], resume: ['data', 'json'], branch: [...begins, 'step'],
  sample: ['count', 'seed', 'out', 'data'], reconstruct: ['count', 'out', 'data'], interpolate: ['from', 'to', 'count', 'out', 'data'], prior: ['json', 'data'], draw: ['from', 'out', 'data'],
  export: ['format', 'out', 'count', 'batch', 'data'], evaluate: ['samples', 'split', 'examples', 'seed', 'out', 'json', 'data'], compare: ['json'],
  anomalies: [...held, 'class', 'score', 'out', 'json'], denoise: [...held, 'noise', 'count', 'out', 'json'], complete: [...held, 'box', 'count', 'out', 'json'], attribute: ['split', 'from', 'to', 'count', 'out', 'data'],
  compress: ['split', 'examples', 'from', 'lossless', 'out', 'json', 'data'], decompress: ['out', 'json', 'data'],
  runs: ['json'], doctor: ['model', 'data', 'json'], 'setup-engine': ['cpu', 'gpu', 'source', 'yes', 'remove'],
};
/** As it is written. */
const flag = (name: Option): string => (name === 'count' ? '-n' : `--${name}`);
/** What `--out` of a command that draws may end in. */
const pictures: Readonly<Record<string, readonly string[]>> = { ...Object.fromEntries(['sample', 'reconstruct', 'interpolate', 'draw', 'evaluate', 'anomalies', 'denoise', 'complete', 'attribute'].map((command) => [command, ['.png', '.gif']])), decompress: ['.png'] };
/** Of so many commands it is said that they take an option. */
const NAMED = 3;

/** @throws UsageError where an option is none of the command's: it would do nothing. */
export function refuseOthers(command: string | undefined, values: Values): void {
  const own = command === undefined ? undefined : taken[command];
  if (!own) return;
  const other = (Object.keys(values) as Option[]).find((name) => name !== 'help' && !own.includes(name));
  if (other === undefined) return;
  const takers = Object.keys(taken).filter((name) => taken[name]?.includes(other));
  throw new UsageError(`"vae-lab ${command ?? ''}" takes no ${flag(other)}.${takers.length > NAMED ? '' : ` It is an option of ${takers.map((name) => `"vae-lab ${name}"`).join(' and ')}.`}`);
}

/** The one file that a command writes. @throws UsageError where a picture would have another format's name */
export function fileOf(command: string | undefined, { out }: Values): string | undefined {
  const endings = pictures[command ?? ''];
  if (out !== undefined && endings?.every((ending) => !out.toLowerCase().endsWith(ending))) throw new UsageError(`--out must end in ${endings.join(' or ')}; got "${out}".`);
  return endings || command === 'compress' ? out : undefined;
}

/** How a command is called; of none, how each is. */
export function usageOf(command: string | undefined): string {
  const own = command !== undefined && command in taken ? usage.split('\n').filter((line) => line.startsWith(`  vae-lab ${command} `)) : [];
  return own.length === 0 ? usage : ['Usage:', ...own, '"vae-lab --help" tells of the other commands.'].join('\n');
}

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
export function whole(name: Option, text: string | undefined, low: number, high = Infinity): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < low) throw new UsageError(`${flag(name)} must be a whole number of at least ${low}; got "${text}".`);
  if (value > high) throw new UsageError(`${flag(name)} must be at most ${high}; got "${text}".`);
  return value;
}

/** The split named, or `test`. @throws UsageError */
export function split(name = 'test'): (typeof splits)[number] {
  const found = splits.find((one) => one === name);
  if (!found) throw new UsageError(`--split must be one of ${splits.join(', ')}; got "${name}".`);
  return found;
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

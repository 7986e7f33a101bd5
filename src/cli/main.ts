import path from 'node:path';
import { HostStartError, openRun, type RunConnection } from '../client/hosts';
import { listRuns, type ListedRun } from '../runs/registry';
import { Exit, fileOf, parseCommand, refuseOthers, usage, usageOf, UsageError, whole, type Values } from './arguments';
import { exportTo } from './export';
import { anomalies } from './anomalies';
import { attribute } from './attribute';
import { compare } from './compare';
import { compress, decompress } from './compress';
import { doctor } from './doctor';
import { draw } from './draw';
import { evaluate } from './evaluate';
import { refuseMissingFolder } from './files';
import { complete, denoise } from './mend';
import { writeGrid } from './pictures';
import { writePlain } from './plain';
import { branch, resume } from './resume';
import { prior } from './prior';
import { setUpEngine } from './setUpEngine';
import { exitCodeOf, train } from './train';
import { errorText } from '../protocol/errorText';
import { MOST_PICTURES } from '../protocol/hostApi';
import { isRefusedValue } from '../protocol/rpc';

const hostScript = path.join(__dirname, 'host.js');

/** It got as far as a model: one that was refused before is nothing to look at. */
const hasBegun = ({ live, manifest }: ListedRun): boolean => live || manifest.stepsPerEpoch > 0;
/** Of so many runs the ids are said. */
const NAMED = 4;
async function runNamed(name: string | undefined): Promise<ListedRun> {
  if (name === undefined) throw new UsageError('Name a run, or "last".');
  const runs = await listRuns();
  const whole = name === 'last' ? runs.find(hasBegun) ?? runs[0] : runs.find(({ manifest, dir }) => manifest.id === name || dir === path.resolve(name));
  const [found, ...others] = whole ? [whole] : runs.filter(({ manifest }) => manifest.id.startsWith(name));
  if (!found) throw new UsageError(`There is no run "${name}". "vae-lab runs" lists them.`);
  if (others.length > 0) throw new UsageError(`"${name}" is how ${others.length + 1} runs begin: ${[found, ...others.slice(0, NAMED - 1)].map(({ manifest }) => manifest.id).join(', ')}${others.length < NAMED ? '' : ', ...'}. Give more of it.`);
  return found;
}
async function findRun(name: string | undefined, values: Values): Promise<RunConnection> {
  const found = await runNamed(name);
  return openRun({ node: process.execPath, hostScript, dir: found.dir, runId: found.manifest.id, dataFolder: values.data });
}

/** From one end of an interpolation to the other, both included. */
const FRAMES = 11;
async function picture(kind: 'sample' | 'reconstruct' | 'interpolate', name: string | undefined, values: Values): Promise<number> {
  if (values.out === undefined) throw new UsageError('Say where to write the picture: --out FILE.png');
  const count = whole('count', values.count, kind === 'interpolate' ? 2 : 1, MOST_PICTURES[kind]);
  const [from, to, seed] = [whole('from', values.from, 0), whole('to', values.to, 0), whole('seed', values.seed, 0)];
  if (kind === 'interpolate' && (from === undefined || to === undefined)) throw new UsageError('Name the two held-out examples: --from I --to J');
  const run = await findRun(name, values);
  try {
    if (kind === 'sample') {
      const { conditionClasses: { length: classes } = [], prior: { learns, learned } } = await run.api.request('manifest', {});
      if (learns && !learned) console.error(`No prior over the codes is learned: they are drawn each by itself. Learn one: vae-lab prior ${name ?? 'last'}`);
      const drawn = count ?? (classes > 0 ? 8 * Math.min(classes, 32) : 64);
      await writeGrid(values.out, [await run.api.request('sample', { count: drawn, seed: seed ?? 1 })], classes > 0 ? Math.min(classes, drawn) : Math.ceil(Math.sqrt(drawn))); // classes in turn: a column a class
    }
    else if (kind === 'interpolate') await writeGrid(values.out, [await run.api.request('interpolate', { from: from ?? 0, to: to ?? 0, steps: count ?? FRAMES })], count ?? FRAMES);
    else {
      const { testCount } = await run.api.request('manifest', {});
      const shown = count ?? Math.min(16, testCount || 16); // 0: an old run does not tell
      const { originals, reconstructions } = await run.api.request('reconstruct', { indices: Array.from({ length: shown }, (_, i) => i) });
      await writeGrid(values.out, [originals, reconstructions], shown);
    }
    return Exit.ok;
  } finally {
    run.close();
  }
}

async function withRun(name: string | undefined, values: Values, work: (run: RunConnection) => Promise<number>): Promise<number> {
  const run = await findRun(name, values);
  return work(run).finally(() => { run.close(); });
}

async function drawItem(name: string | undefined, item: string | undefined, values: Values): Promise<number> {
  if (item === undefined) throw new UsageError('Name a run, and what to draw of it.');
  const run = await findRun(name, values);
  try {
    await draw(run, item, values);
    return Exit.ok;
  } finally {
    run.close();
  }
}

async function runs(values: Values): Promise<number> {
  const all = await listRuns();
  if (values.json) for (const { dir, live, manifest } of all) console.log(JSON.stringify({ run: manifest.id, dir, live, model: manifest.modelName, state: manifest.state.kind, step: manifest.lastStep, loss: manifest.lastLoss }));
  else if (all.length === 0) console.log('No runs yet. Start one: vae-lab train FILE');
  else for (const { manifest } of all) console.log(`${manifest.id}  ${manifest.modelName || path.basename(manifest.modelFile)}  ${manifest.state.kind}  step ${manifest.lastStep}${manifest.lastLoss === undefined ? '' : `  ${manifest.lastLoss.toFixed(1)} nats`}`);
  return Exit.ok;
}

/** The command that is carried out, as far as it is known. */
let asked: string | undefined;
async function main(argv: string[]): Promise<number> {
  const { values, positionals: [command, name, ...more] } = parseCommand(argv);
  asked = command;
  const [item, extra] = command === 'draw' || command === 'compare' || command === 'decompress' ? more : [undefined, ...more];
  if (values.help) { console.log(usage); return Exit.ok; }
  refuseOthers(command, values);
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  const written = fileOf(command, values);
  if (written !== undefined) await refuseMissingFolder(written);
  switch (command) {
    case 'train':
      if (name === undefined) throw new UsageError('Name a model file.');
      return train(name, values, hostScript);
    case 'resume': return resume(await runNamed(name), values, hostScript);
    case 'branch': return branch(await runNamed(name), values, hostScript);
    case 'sample': case 'reconstruct': case 'interpolate': return picture(command, name, values);
    case 'draw': return drawItem(name, item, values);
    case 'export': return exportTo(await runNamed(name), values, hostScript);
    case 'prior': return withRun(name, values, (run) => prior(run, values));
    case 'evaluate': return withRun(name, values, (run) => evaluate(run, values));
    case 'anomalies': return withRun(name, values, (run) => anomalies(run, values));
    case 'denoise': return withRun(name, values, (run) => denoise(run, values));
    case 'complete': return withRun(name, values, (run) => complete(run, values));
    case 'attribute': return withRun(name, values, (run) => attribute(run, values));
    case 'compress': return withRun(name, values, (run) => compress(run, values));
    case 'decompress': return withRun(name, values, (run) => decompress(run, item, values));
    case 'compare': return compare(await runNamed(name), await runNamed(item), values);
    case 'runs': return runs(values);
    case 'doctor': return doctor(values, hostScript);
    case 'setup-engine': return setUpEngine(name, values);
    default: throw new UsageError(command === undefined ? 'Name a command.' : `There is no command "${command}".`);
  }
}

writePlain();
process.stdout.once('error', () => {
  process.stdout.on('error', () => undefined);
  process.kill(process.pid, 'SIGINT'); // who read it is gone, as `head` when it has enough: an end as by Ctrl-C
});
main(process.argv.slice(2)).then((code) => { process.exitCode = code; }, (error: unknown) => {
  console.error(errorText(error));
  if (error instanceof UsageError) console.error(`\n${usageOf(asked)}`);
  process.exitCode = error instanceof UsageError || isRefusedValue(error) ? Exit.usage : error instanceof HostStartError ? (error.runError ? exitCodeOf(error.runError) : Exit.training) : 1;
});

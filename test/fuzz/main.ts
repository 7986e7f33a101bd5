// npm run fuzz -- [--inputs 100000] [--targets frames,idx] [--seed N] [--write]
import { parseArgs } from 'node:util';
import { writeRow } from '../soak/report';
import { fuzz, MEMORY_MB, type FuzzReport } from './fuzzing';
import { targets } from './targets/index';

const { values } = parseArgs({ args: process.argv.slice(2).filter((argument) => argument !== '--'), options: { inputs: { type: 'string', default: '100000' }, targets: { type: 'string' }, seed: { type: 'string' }, write: { type: 'boolean' } } });
const chosen = Object.entries(targets).filter(([name]) => values.targets === undefined || values.targets.split(',').includes(name));
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const shares = chosen.reduce((sum, [, { share = 1 }]) => sum + share, 0);
const reports: FuzzReport[] = [];
console.log(`seed ${seed}`);
for (const [name, target] of chosen) {
  const report = await fuzz(name, target, { inputs: Math.ceil((Number(values.inputs) * (target.share ?? 1)) / shares), seed });
  console.log(`${name}: ${report.inputs} inputs, ${report.taken} of them taken, slowest ${report.slowestMs.toFixed(1)} ms, peak ${report.peakMb} MB`);
  reports.push(report);
}
const inputs = reports.reduce((sum, report) => sum + report.inputs, 0);
const text = `${inputs} inputs over ${reports.length} readers, the slowest ${Math.max(...reports.map(({ slowestMs }) => slowestMs)).toFixed(0)} ms, at most ${Math.max(...reports.map(({ peakMb }) => peakMb))} MB (bound ${MEMORY_MB})`;
console.log(text);
if (values.write) writeRow('Readers fuzzed', text, 'nothing: no crash, none over 1 s of the processor\'s time', `npm run fuzz -- --inputs ${values.inputs} --write`);

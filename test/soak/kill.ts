// npm run soak:kill -- [--times 200] [--engines compiled,wasm] [--seed 1] [--write]
import { parseArgs } from 'node:util';
import { soakKills, type KillReport } from './killing';
import { writeRow } from './report';

const { values: { times, engines, seed, write } } = parseArgs({ args: process.argv.slice(2).filter((argument) => argument !== '--'), options: { times: { type: 'string', default: '10' }, engines: { type: 'string', default: 'compiled,wasm' }, seed: { type: 'string', default: '1' }, write: { type: 'boolean' } } });
const names = engines.split(',');
const reports: (KillReport & { readonly engine: string })[] = [];
for (const [index, engine] of names.entries()) {
  const share = Math.floor((Number(times) + index) / names.length);
  if (share === 0) continue;
  const report = await soakKills({ times: share, engine, seed: Number(seed) + index, onKill: (kills, step) => { if (kills % 10 === 0) console.log(`${engine}: ${kills} kills, at step ${step}`); } });
  console.log(JSON.stringify({ engine, ...report }));
  reports.push({ engine, ...report });
}
const sum = (of: 'kills' | 'preparing' | 'writing' | 'runs' | 'again'): number => reports.reduce((total, report) => total + report[of], 0);
const lost = reports.flatMap((report) => report.lost.map((what) => `${report.engine}: ${what}`));
const text = `${sum('kills')} kills of ${sum('runs')} runs (${names.join(', ')}), ${sum('writing')} of them while a file was being written, ${sum('preparing')} while the run got ready; ${sum('again')} steps trained again`;
console.log(text, lost.length === 0 ? '; nothing lost' : `; LOST: ${lost.join('; ')}`);
if (write) writeRow('SIGKILL of the host at random moments, resumed', text, lost.length === 0 ? 'nothing: weights, optimizer, random states and metrics bit for bit' : lost.join('; '), `npm run soak:kill -- --times ${times} --write`);
process.exitCode = lost.length === 0 ? 0 : 1;

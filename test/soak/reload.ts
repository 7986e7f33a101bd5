// npm run soak:reload -- [--times 50] [--write]
import { parseArgs } from 'node:util';
import { soakReloads } from './reloading';
import { writeRow } from './report';

const { values: { times, write } } = parseArgs({ args: process.argv.slice(2).filter((argument) => argument !== '--'), options: { times: { type: 'string', default: '50' }, write: { type: 'boolean' } } });
const { reloads, crashes, reconnected, steps, lost } = await soakReloads({ times: Number(times), onReload: (reload, step) => { console.log(`reload ${reload}, at step ${step}`); } });
const text = `${reloads} reloads, ${crashes} of them after the extension host was killed; reconnected ${reconnected} times, ${steps} steps trained meanwhile, one host and one socket after each`;
console.log(text, lost.length === 0 ? '; nothing lost' : `; LOST: ${lost.join('; ')}`);
if (write) writeRow('Window reloaded while it trains', text, lost.length === 0 ? 'nothing: curves without gap or double step' : lost.join('; '), `npm run soak:reload -- --times ${times} --write`);
process.exit(lost.length === 0 ? 0 : 1);

// Trains a protocol whose outcome is known, and prints ours beside the reference: npm run reproduce -- NAME [--epochs N] [--seeds K] [--continue] [--json]
// A run of the protocol's own length is written to docs/reproduction.json, model by model, and docs/reproduction.md is made from it; with --continue the models that stand there are not trained again. Exits with 1 where a number is not where it should be.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { protocols } from './protocols';
import { reportOf } from './report';
import { before, holds, isInOrder, meanOf, merged, oursOf, readResults, RESULTS, type Line } from './results';
import { train } from './train';

const { values, positionals: [name = ''] } = parseArgs({ options: { epochs: { type: 'string' }, seeds: { type: 'string' }, continue: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } }, allowPositionals: true });
const protocol = protocols[name];
if (!protocol) {
  console.error(`There is no protocol "${name}". Known: ${Object.keys(protocols).join(', ')}.`);
  process.exit(2);
}
const whole = (option: 'epochs' | 'seeds'): number => {
  const value = Number(values[option] ?? protocol[option]);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`--${option} must be a whole number above 0; got "${values[option] ?? ''}".`);
  process.exit(2);
};
const [epochs, seeds] = [whole('epochs'), whole('seeds')];
const isWhole = epochs === protocol.epochs && seeds >= protocol.seeds;
const lines: Line[] = [];

function tell(line: Line): void {
  const reference = protocol?.references.find(({ metric, epoch }) => metric === line.metric && epoch === line.epoch)?.reference;
  if (!values.json) console.log(`seed ${line.seed}, epoch ${line.epoch}: ${line.metric} ${line.ours.toFixed(2)}${line.standardError === undefined ? '' : ` \u00b1 ${line.standardError.toFixed(2)}`}${reference === undefined ? '' : `, reference ${reference}`}`);
  else if (protocol?.told === undefined || protocol.told === line.metric) console.log(JSON.stringify({ name, seed: line.seed, epoch: line.epoch, metric: line.metric, ours: line.ours, reference: reference ?? null }));
}

for (let seed = 1; seed <= seeds; seed++) {
  for (const [part, { model, evaluate, epochs: own }] of protocol.parts.entries()) {
    const length = values.epochs === undefined ? own ?? epochs : epochs;
    const ofPart = values.continue && isWhole ? before(readResults(), name, seed, part, length) : [];
    if (ofPart.length > 0) {
      ofPart.forEach(tell);
      lines.push(...ofPart);
      continue;
    }
    const device = await train(await model(), seed, length, async (after) => {
      for (const found of await evaluate(after)) {
        const line = { seed, epoch: after.epoch, part, ...found };
        ofPart.push(line);
        tell(line);
      }
    });
    lines.push(...ofPart);
    if (!isWhole) continue;
    const results = merged(readResults(), name, device, new Date().toISOString().slice(0, 10), ofPart);
    writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
    writeFileSync('docs/reproduction.md', reportOf(results));
  }
}
const inOrder = isInOrder(protocol, lines);
const verdicts = protocol.references.map((reference) => ({ reference, ours: oursOf(lines, reference).map((line) => line.ours) })).map(({ reference, ours }) => ({ reference, ours, kept: holds(reference, ours) }));
if (!values.json) {
  for (const { reference, ours, kept } of verdicts) if (ours.length > 0) console.log(`${reference.metric} after epoch ${reference.epoch}: mean ${meanOf(ours).toFixed(2)} of ${ours.length} seeds (${Math.min(...ours).toFixed(2)} to ${Math.max(...ours).toFixed(2)})${reference.reference === undefined ? '' : `, reference ${reference.reference}`}${kept === undefined ? '' : kept ? ': holds' : ': DOES NOT HOLD'}`);
  if (inOrder !== undefined) console.log(`The order ${protocol.order?.join(' > ') ?? ''}: ${inOrder ? 'holds' : 'DOES NOT HOLD'}.`);
}
process.exit(verdicts.some(({ kept }) => kept === false) || inOrder === false ? 1 : 0);

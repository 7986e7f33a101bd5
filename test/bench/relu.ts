// Looks for gradients of random convolutional models with batch normalization in which the compiled engine and TensorFlow.js run eagerly part, and for what explains them:
// npm run bench:relu [-- --draws 200 --oracle tensorflow]. Nothing is asserted.
import { parseArgs } from 'node:util';
import { engineNames } from '../../src/spec/engines';
import { ReluStudy, type Architecture } from './reluAtZero';

const { values } = parseArgs({ options: { draws: { type: 'string', default: '200' }, oracle: { type: 'string', default: 'tensorflow' } } });
const oracle = engineNames.filter((name) => name !== 'auto').find((name) => name === values.oracle);
const architectures: readonly Architecture[] = [
  { shape: [28, 28, 1], filters: [32, 64], batch: 4 }, { shape: [28, 28, 1], filters: [16, 16], batch: 4 }, { shape: [16, 16, 3], filters: [8, 16], batch: 2 }, { shape: [8, 8, 1], filters: [4, 6], batch: 4 },
];

async function main(): Promise<void> {
  if (!oracle) throw new RangeError(`There is no engine "${values.oracle}".`);
  for (const architecture of architectures) {
    const study = await ReluStudy.create(architecture, oracle, oracle === 'cpu' ? undefined : 'cpu');
    for (let draw = 0; draw < Number(values.draws); draw++) await study.draw(draw);
    const sorted = [...study.errors].sort((a, b) => a - b);
    const at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN).toExponential(1);
    console.log(`${JSON.stringify(architecture)}: ${sorted.length} draws, median ${at(0.5)}, 95 % below ${at(0.95)}, most ${at(1)}; ${study.outliers.length} outliers`);
    for (const { draw, error, turnedError, turned, nearest, eagerError } of study.outliers) {
      console.log(`  draw ${draw}: ${error.toExponential(1)}, and ${turnedError.toExponential(1)} once eager turns ${turned.map(({ site, input }) => `a unit of ReLU ${site} with input ${input.toExponential(1)}`).join(', ') || 'nothing'} (nearest to 0: ${nearest.toExponential(1)})${eagerError === undefined ? '' : `; two eager engines differ by ${eagerError.toExponential(1)}`}`);
    }
    study.dispose();
  }
}
main().catch((error: unknown) => { console.error(error); process.exitCode = 1; });

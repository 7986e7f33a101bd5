// Steps of a model whose products are large, operation by operation on TensorFlow, for signals.test.ts: a line when they begin, one when they end.
import { startEngine } from '../../../../src/host/engines/index';
import { Random } from '../../../../src/host/training/index';
import { models } from '../../../bench/models';

const STEPS = 300;
const { eager } = await startEngine.tensorflow();
const program = await eager?.build(models['mlp']?.() ?? fail(), 1, [28, 28, 1]) ?? fail();
function fail(): never { throw new Error('There is nothing to train.'); }
const random = new Random(1);
const batch = { count: 128, data: Float32Array.from({ length: 128 * 784 }, () => random.uniform()) };
const noise = random.normals(128 * 20);
process.on('SIGWINCH', () => undefined);
console.log('began');
let loss = 0;
for (let step = 0; step < STEPS; step++) ({ loss } = await program.step(batch, noise, { learningRate: 1e-3, beta: 1 }));
console.log(loss);
process.exit(0);

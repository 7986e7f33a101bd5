// Prints how many threads this process has once TensorFlow has computed an operation, and once it has built a graph, for threads.test.ts.
import { readdirSync } from 'node:fs';
import { startEngine } from '../../../../src/host/engines/index';
import { models } from '../../../bench/models';

const count = (): number => readdirSync('/proc/self/task').length;
const engine = await startEngine.tensorflow();
const model = models['mlp']?.();
if (!model || !engine.eager) throw new Error('There is nothing to train.');
await engine.eager.build(model, 1, [28, 28, 1]);
const eager = count();
await engine.build(model, 1, [28, 28, 1]);
console.log(eager, count());
process.exit(0);

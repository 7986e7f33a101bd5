// Loads the component's binding in a process of its own, which it may take down, and says in one JSON line what came of it: BINDING FILE-TO-WRITE
import { setTensorflowDefaults } from '../tensorflowDefaults';
import { isBinding, smokeChecks } from './checks';
import { errorText } from '../../protocol/errorText';

const [, , file = '', scratch = ''] = process.argv;
setTensorflowDefaults(0); // what it says of the GPU goes to the log
let answer: object;
try {
  const native: { exports: unknown } = { exports: {} };
  process.dlopen(native, file);
  const binding = native.exports;
  if (!isBinding(binding)) throw new Error('the binding is not that of TensorFlow.js');
  smokeChecks(binding, scratch);
  answer = { ok: true, tensorflow: binding.TF_Version, gpu: binding.isUsingGpuDevice() };
} catch (error) {
  answer = { ok: false, error: errorText(error) };
}
process.stdout.write(`\n${JSON.stringify(answer)}\n`);

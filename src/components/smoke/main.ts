// Loads the component's binding in a process of its own, which it may take down, and says in one JSON line what came of it: BINDING FILE-TO-WRITE
import { isBinding, smokeChecks } from './checks';
import { errorText } from '../../protocol/errorText';

const [, , file = '', scratch = ''] = process.argv;
process.env['NVIDIA_TF32_OVERRIDE'] ??= '0'; // else products and convolutions of newer cards keep 10 bits of 23, and their gradients differ from every other engine's
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '0'; // what it says of the GPU goes to the log
process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true'; // else it takes the whole card
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

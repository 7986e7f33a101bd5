import * as tf from '@tensorflow/tfjs';
import { kernelsFor } from '../../src/host/engines/compiled/targets';
import { shapeRules } from '../../src/host/engines/compiled/trace/shapes/index';

/** Where the table stands in docs/engines.md. */
export const [BEGIN, END] = ['<!-- kernels: written by npm run docs:kernels -->', '<!-- end of kernels -->'];

/** What the compiled engine does with each kernel of TensorFlow.js in plain JavaScript, and those of its own, from the code. */
export function kernelTable(): string {
  const lowered = new Set(kernelsFor('onnxruntime'));
  const all = [...new Set([...tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName), ...shapeRules.keys(), ...lowered])].sort();
  // Kernels without an input are computed while tracing, and never get as far as a rule.
  const rows: readonly (readonly [string, (kernel: string) => boolean])[] = [
    ['compiled', (kernel) => lowered.has(kernel)],
    ['shape rule only: traced, and refused where a result depends on it', (kernel) => shapeRules.has(kernel) && !lowered.has(kernel)],
    ['refused', (kernel) => !shapeRules.has(kernel) && !lowered.has(kernel)],
  ];
  return ['| what becomes of it | | kernels |', '|---|---|---|', ...rows.map(([what, fits]) => { const names = all.filter(fits); return `| ${what} | ${names.length} | ${names.join(', ')} |`; })].join('\n');
}

/** The page with its table as the code has it. @throws where it has no place for one */
export function withKernelTable(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The page has no "${BEGIN}" before "${END}".`);
  return `${page.slice(0, from + BEGIN.length)}\n${kernelTable()}\n${page.slice(to)}`;
}

import { describe, expect, it } from 'vitest';
import { chosenByAuto, doctorText, type DoctorReport, type Probe } from '../../../src/protocol/doctor';

const works = (changes: Partial<Extract<Probe, { outcome: 'works' }>> = {}): Probe => ({ outcome: 'works', device: 'CPU, X', startMs: 100, msPerStep: 12.34, steps: 100, peakRssMb: 333.3, ...changes });
const gate = (passed: boolean) => ({ passed, error: passed ? 6e-7 : 0.2, oracle: 'cpu' });
const report = (tensorflow: Probe, gpus: DoctorReport['gpus'] = []): DoctorReport => {
  const engines = [{ engine: 'tensorflow', probe: tensorflow }, { engine: 'wasm', probe: works({ gate: gate(true) }) }, { engine: 'cpu', probe: works() }];
  const auto = chosenByAuto(engines);
  return { version: '1.2.3', node: { path: '/n/node', version: 'v24.0.0' }, machine: { platform: 'linux', arch: 'x64', cores: 2, cpu: 'C', memoryGb: 24 }, gpus, engines, ...(auto === undefined ? {} : { auto }) };
};
const card = { name: 'NVIDIA H200', driver: '560.35.03', memoryMb: 143771, capability: '9.0' };

describe('the doctor', () => {
  it('tells of every engine, and which one auto takes', () => {
    expect(doctorText(report(works({ device: 'GPU, NVIDIA H200, TensorFlow 2.21.0', gate: gate(true) }), [card]))).toMatchInlineSnapshot(`
      "# VAE Lab: Engine Doctor

      - VAE Lab 1.2.3, linux x64, 2 cores (C), 24 GB
      - Node v24.0.0: /n/node
      - GPU: NVIDIA H200, 143771 MB, driver 560.35.03, compute capability 9.0

      | Engine     | Device                              | Right gradients | ms a step | Memory, MB |
      | ---        | ---                                 | ---             | ---:      | ---:       |
      | tensorflow | GPU, NVIDIA H200, TensorFlow 2.21.0 | yes (6e-7)      | 12.3      | 333        |
      | wasm       | CPU, X                              | yes (6e-7)      | 12.3      | 333        |
      | cpu        | CPU, X                              | oracle          | 12.3      | 333        |

      "auto" takes tensorflow: the first that works and gives right gradients of those tried in this order: tensorflow, wasm, cpu.

      Measured on the reference VAE (784-400-20, batch size 128) for about two seconds each; gradients are compared on four images. A model of yours may need what an engine lacks: then "auto" says so in the panel.

      The engine tensorflow has been run by its developers on the CPU only, not yet on a GPU.
      "
    `);
  });
  it('says the one next thing to do where TensorFlow is not set up: for the GPU where there is one', () => {
    const absent: Probe = { outcome: 'absent', message: 'not set up' };
    expect(doctorText(report(absent))).toContain('- tensorflow: Not set up. Set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow.\n');
    expect(doctorText(report(absent, [card]))).toContain('vae-lab setup-engine tensorflow --gpu.\n');
    expect(doctorText(report(absent))).toContain('"auto" takes wasm: the first that works');
  });
  it('never lets auto take an engine with wrong gradients, or one that failed', () => {
    const wrong = report(works({ gate: gate(false) }));
    expect(wrong.auto).toBe('wasm');
    expect(doctorText(wrong)).toContain('- tensorflow: Gives wrong gradients (relative difference 2.0e-1 from cpu)');
    const failed = report({ outcome: 'failed', message: 'Its process ended with SIGILL' });
    expect(failed.auto).toBe('wasm');
    expect(doctorText(failed)).toContain('- tensorflow: Its process ended with SIGILL\n');
  });
});

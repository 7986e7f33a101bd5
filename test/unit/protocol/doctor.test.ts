import { describe, expect, it } from 'vitest';
import { chosenByAuto, type DoctorReport, type Probe } from '../../../src/protocol/doctor';
import { doctorText } from '../../../src/protocol/doctorText';

const works = (changes: Partial<Extract<Probe, { outcome: 'works' }>> = {}): Probe => ({ outcome: 'works', device: 'CPU, X', startMs: 100, msPerStep: 12.34, steps: 100, peakRssMb: 333.3, ...changes });
const gate = (passed: boolean) => ({ passed, error: passed ? 6e-7 : 0.2, oracle: 'cpu' });
const report = (tensorflow: Probe, gpus: DoctorReport['gpus'] = []): DoctorReport => {
  const engines = [{ engine: 'tensorflow', probe: tensorflow }, { engine: 'wasm', probe: works({ gate: gate(true) }) }, { engine: 'cpu', probe: works() }];
  const auto = chosenByAuto(engines);
  return { version: '1.2.3', node: { path: '/n/node', version: 'v24.0.0' }, machine: { platform: 'linux', arch: 'x64', cores: 2, cpu: 'C', memoryGb: 24 }, gpus, forGpu: gpus.length > 0, adapters: [], cuda: { libraries: [] }, engines, ...(auto === undefined ? {} : { auto }) };
};
const card = { name: 'NVIDIA H200', driver: '560.35.03', memoryMb: 143771, capability: '9.0' };

describe('the doctor', () => {
  it('tells of every engine, and which one auto takes: TensorFlow before the others only where it computes on a GPU', () => {
    expect(doctorText(report(works({ device: 'GPU, NVIDIA H200, TensorFlow 2.21.0', gate: gate(true) }), [card]))).toMatchInlineSnapshot(`
      "# VAE Lab: Engine Doctor

      - VAE Lab 1.2.3, linux x64, 2 cores (C), 24 GB
      - Node v24.0.0: /n/node
      - GPU: NVIDIA H200, 143771 MB, driver 560.35.03, compute capability 9.0
      - The system tells of no graphics adapter.
      - No CUDA libraries were found.

      | Engine     | Device                              | Right gradients | ms a step | Memory, MB |
      | ---        | ---                                 | ---             | ---:      | ---:       |
      | tensorflow | GPU, NVIDIA H200, TensorFlow 2.21.0 | yes (6e-7)      | 12.3      | 333        |
      | wasm       | CPU, X                              | yes (6e-7)      | 12.3      | 333        |
      | cpu        | CPU, X                              | oracle          | 12.3      | 333        |

      "auto" takes tensorflow: it computes on a GPU, and gives right gradients.

      Measured on the reference VAE (784-400-20, batch size 128) for about two seconds each; gradients are compared on four images. A model of yours may need what an engine lacks: then "auto" says so in the panel.

      The engine tensorflow has been run by its developers on the CPU only, and webgpu on a graphics card made of software: neither yet on a real one.
      "
    `);
  });
  it('says the one next thing to do where TensorFlow is not set up: for the GPU where there is one', () => {
    const absent: Probe = { outcome: 'absent', message: 'not set up' };
    expect(doctorText(report(absent))).toContain('- tensorflow: Not set up. Set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow.\n');
    expect(doctorText(report(absent, [card]))).toContain('vae-lab setup-engine tensorflow --gpu.\n');
    expect(doctorText(report(absent))).toContain('"auto" takes wasm: the first that works');
    expect(doctorText({ ...report(absent, [card]), forGpu: false })).not.toContain('--gpu'); // a card that is too old
    const windows = report(absent, [card]);
    expect(doctorText({ ...windows, machine: { ...windows.machine, platform: 'win32' } })).toContain('- tensorflow: TensorFlow cannot be set up on Windows itself.');
  });
  it('says that TensorFlow was set up for the CPU beside a card', () => {
    expect(doctorText(report(works({ gate: gate(true) }), [card]))).toContain('- tensorflow: It was set up for the CPU. It can train on the GPU: set it up again by');
    for (const without of [report(works({ gate: gate(true) })), report(works({ device: 'GPU, NVIDIA H200, TensorFlow 2.21.0', gate: gate(true) }), [card])]) expect(doctorText(without)).not.toContain('- tensorflow:');
  });
  it('tells of adapters, of CUDA, and of the model that was measured, or why it was not', () => {
    const model = { file: '/w/03-conv.vae.ts', name: 'digits', batchSize: 64, imageShape: [28, 28, 1] as [number, number, number], data: { trainCount: 60000, classes: 10 } };
    const told = doctorText({ ...report(works()), adapters: [{ name: 'AMD Radeon RX 7800 XT', way: 'Vulkan', driver: 'radv Mesa 24.0.5' }, { name: 'llvmpipe', way: 'Vulkan', software: true }, { name: 'Old', way: 'Windows', memoryMb: 1024 }], cuda: { version: '12.4', libraries: ['libcuda.so.1'] }, model });
    expect(told).toContain('- Graphics adapter, by Vulkan: AMD Radeon RX 7800 XT, driver radv Mesa 24.0.5\n- Graphics adapter, by Vulkan: llvmpipe, made of software: the processor computes\n- Graphics adapter, by Windows: Old, 1024 MB\n- NVIDIA\'s driver runs CUDA 12.4 and older.\n- CUDA libraries: libcuda.so.1\n');
    expect(told).toContain('Measured on the model digits (03-conv.vae.ts, batch size 64) for about two seconds each');
    expect(doctorText({ ...report(works()), modelNotice: 'x.vae.ts exports no model.' })).toContain('The model could not be measured: x.vae.ts exports no model. Measured on the reference VAE');
  });
  it('lets auto take webgpu only where it gives right gradients and was faster than all others', () => {
    const others = [{ engine: 'compiled', probe: works({ gate: gate(true), msPerStep: 4 }) }, { engine: 'cpu', probe: works() }];
    const webgpu = (msPerStep: number, passed = true) => ({ engine: 'webgpu', probe: works({ device: 'WebGPU, onnxruntime 1.30.0', gate: gate(passed), msPerStep }) });
    expect(chosenByAuto([...others, webgpu(3)])).toBe('webgpu');
    expect(chosenByAuto([...others, webgpu(5)])).toBe('compiled');
    expect(chosenByAuto([...others, webgpu(3, false)])).toBe('compiled');
    expect(doctorText({ ...report(works()), engines: [...others, webgpu(3)], auto: 'webgpu' })).toContain('"auto" takes webgpu: it gives right gradients, and was measured faster on this model than all others.');
    expect(doctorText({ ...report(works()), engines: [...others, webgpu(5)], auto: 'compiled' })).toContain('tried in this order: compiled, cpu.');
  });
  it('never lets auto take an engine with wrong gradients, or one that failed', () => {
    const wrong = report(works({ gate: gate(false) }));
    expect(wrong.auto).toBe('wasm');
    expect(doctorText(wrong)).toContain('- tensorflow: Gives wrong gradients (relative difference 2.0e-1 from cpu)');
    const compiled = { engine: 'compiled', probe: works({ gate: gate(true) }) };
    const onCpu = report(works({ device: 'CPU, TensorFlow 2.21.0', gate: gate(true) }));
    expect(chosenByAuto([...onCpu.engines, compiled])).toBe('compiled');
    expect(doctorText({ ...onCpu, engines: [...onCpu.engines, compiled], auto: 'compiled' })).toContain('tried in this order: compiled, tensorflow, wasm, cpu.');
    const failed = report({ outcome: 'failed', message: 'Its process ended with SIGILL' });
    expect(failed.auto).toBe('wasm');
    expect(doctorText(failed)).toContain('- tensorflow: Its process ended with SIGILL\n');
  });
});

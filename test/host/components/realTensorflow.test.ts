import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findCompiler } from '../../../src/components/compileBinding';
import { isBinding, smokeChecks, type Binding } from '../../../src/components/smoke/checks';
import { smokeTest } from '../../../src/components/smokeTest';
import { inspectTensorflow } from '../../../src/components/tensorflow';

const state = process.env['VAE_LAB_COMPONENTS'] ? await inspectTensorflow() : undefined;
const why = state?.kind === 'installed' ? '' : ` (skipped: ${process.env['VAE_LAB_NO_TENSORFLOW'] ?? 'run by scripts/test.mjs, which sets TensorFlow up'})`;
const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-smoke-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });

describe.skipIf(state?.kind !== 'installed')(`TensorFlow as it was set up${why}`, () => {
  const { binding, folder, tensorflow } = state?.kind === 'installed' ? state : { binding: '', folder: '', tensorflow: '' };
  const loaded = (): Binding => {
    const native: { exports: unknown } = { exports: {} };
    process.dlopen(native, binding);
    if (!isBinding(native.exports)) throw new Error('not the binding');
    return native.exports;
  };
  it('passes its smoke test in a process of its own', async () => {
    let text = '';
    expect(await smokeTest(folder, { node: process.execPath, script: path.resolve('dist/tensorflowSmoke.js'), log: '', onOutput: (output) => { text = output; } })).toMatchObject({ tensorflow, gpu: false });
    expect(text).toContain('"ok":true');
  });
  it('finds its library beside the binding alone, wherever it is called from', () => {
    const { stdout } = spawnSync(process.execPath, ['-p', `require(${JSON.stringify(binding)}).TF_Version`], { encoding: 'utf8', cwd: os.tmpdir(), env: { PATH: process.env['PATH'] } });
    expect(stdout.trim()).toBe(tensorflow);
  });
  it.skipIf(process.platform !== 'linux')('says why no context could be made, and leaves the process alone', async () => {
    const library = readdirSync(path.join(folder, 'deps', 'lib')).find((name) => /^libtensorflow(_cc)?\.so/.test(name)) ?? '';
    const [code, preloaded] = [path.join(top, 'full.cc'), path.join(top, 'full.so')];
    writeFileSync(code, `#include <dlfcn.h>
extern "C" void *TFE_NewContext(const void *, void *status) {
  auto set = (void (*)(void *, int, const char *))dlsym(dlopen(${JSON.stringify(path.join(folder, 'deps', 'lib', library))}, RTLD_NOLOAD | RTLD_NOW), "TF_SetStatus");
  set(status, 13, "INTERNAL: CUDA_ERROR_OUT_OF_MEMORY: 100% of the card is taken");
  return nullptr;
}
`);
    expect(spawnSync(await findCompiler() ?? '', ['-shared', '-fPIC', code, '-o', preloaded, '-ldl'], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    let text = '';
    await expect(smokeTest(folder, { node: process.execPath, script: path.resolve('dist/tensorflowSmoke.js'), env: { ...process.env, LD_PRELOAD: preloaded }, log: '', onOutput: (output) => { text = output; } }))
      .rejects.toThrow('The memory of the GPU is taken: another run or program holds it. End it, and set up again.');
    expect(text).toContain('"error":"INTERNAL: CUDA_ERROR_OUT_OF_MEMORY: 100% of the card is taken"');
  });
  it.each([['MatMul', /^matMul gave/], ['Conv2DBackpropFilter', /^the gradient of a convolution gave/], ['ReadVariableOp', /^a step of Adam gave/], ['ParseTensor', /^a tensor written and read gave/]])('would be caught with a wrong %s', (wrong, sentence) => {
    const real = loaded();
    const file = path.join(top, 'smoke.bin');
    smokeChecks(real, file);
    const lying = new Set<number>();
    const liar: unknown = Object.create(real, {
      executeOp: { value: (op: string, ...rest: [Parameters<Binding['executeOp']>[1], number[], number]) => {
        const outputs = real.executeOp(op, ...rest);
        if (op === wrong) for (const { id } of outputs) lying.add(id);
        return outputs;
      } },
      tensorDataSync: { value: (id: number) => Array.from(real.tensorDataSync(id), (value) => Number(value) * (lying.has(id) ? 1.001 : 1)) },
    });
    if (!isBinding(liar)) throw new Error('not a binding');
    expect(() => { smokeChecks(liar, file); }).toThrow(sentence);
  });
});

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { componentsFolder } from '../../../src/components/componentsFolder';
import { inWords } from '../../../src/components/disk';
import { machineLacks } from '../../../src/components/machine';
import { smokeFailure } from '../../../src/components/smokeTest';
import { tensorflowSource } from '../../../src/components/tensorflowSource';
import { sources, variants } from '../../../src/components/tensorflowState';
import { placeOf } from '../../../src/components/unpack';

describe('the pins', () => {
  const all = variants.flatMap((variant) => sources.flatMap((source) => ['linux x64', 'linux arm64', 'darwin x64', 'darwin arm64'].flatMap((machine) => {
    const [platform = '', arch = ''] = machine.split(' ');
    try {
      return [{ what: `${variant} ${source} ${machine}`, library: tensorflowSource(source, variant, platform, arch) }];
    } catch { return []; }
  })));
  it('exist for these machines', () => {
    expect(all.map(({ what }) => what)).toEqual(['cpu pypi linux x64', 'cpu pypi linux arm64', 'cpu pypi darwin arm64', 'cpu npm linux x64', 'cpu npm linux arm64', 'cpu npm darwin x64', 'cpu npm darwin arm64', 'gpu pypi linux x64', 'gpu npm linux x64']);
  });
  it('have each file\'s checksum, size and one way to find it, and no file twice', () => {
    const files = all.flatMap(({ library }) => library.files);
    expect(files.filter(({ sha256, bytes, unpackedBytes, project, address }) => !/^[0-9a-f]{64}$/.test(sha256) || bytes < 1e6 || unpackedBytes < 5e5 || (project === undefined) === (address === undefined))).toEqual([]);
    expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(files.length);
    expect(files.filter(({ name, address }) => address === undefined && !name.endsWith('.whl'))).toEqual([]);
  });
  it('are refused in words where there are none', () => {
    expect(() => tensorflowSource('pypi', 'cpu', 'win32', 'x64')).toThrow(/on Windows itself\. Open the folder in WSL/);
    expect(() => tensorflowSource('pypi', 'gpu', 'darwin', 'arm64')).toThrow('TensorFlow for NVIDIA GPUs exists for Linux on x64 only, and this machine is darwin arm64. Set up TensorFlow for the CPU instead.');
    expect(() => tensorflowSource('pypi', 'cpu', 'darwin', 'x64')).toThrow('The source "pypi" has no TensorFlow for darwin x64. Choose the source "npm" instead.');
    expect(() => tensorflowSource('npm', 'cpu', 'freebsd', 'x64')).toThrow('There is no TensorFlow for freebsd x64. Train with another engine.');
  });
});

it('takes of a wheel the libraries, the C headers and the licences, and nothing that leads out of its folder', () => {
  const kept = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.2.dylib', 'tensorflow/include/xla/tsl/c/tsl_status.h', 'nvidia/cudnn/lib/libcudnn.so.9', 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc'];
  expect(kept.map(placeOf)).toEqual(['deps/lib/libtensorflow_cc.so.2', 'deps/lib/libtensorflow_framework.2.dylib', 'include/xla/tsl/c/tsl_status.h', 'deps/nvidia/cudnn/lib/libcudnn.so.9', 'deps/nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc']);
  expect(['tensorflow/python/_pywrap.so', 'nvidia/cudnn/include/cudnn.h', 'tensorflow/include/Eigen/Core', 'nvidia/../../lib/x.so', 'tensorflow/include/tensorflow/c/../../../../x.h'].map(placeOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

it('tells before it downloads what the machine lacks', () => {
  const wheels = tensorflowSource('pypi', 'cpu', 'linux', 'x64');
  const machine = { platform: 'linux', arch: 'x64', glibc: '2.27', features: ' fpu avx avx2' };
  expect(machineLacks(wheels, machine)).toBeUndefined();
  expect(machineLacks(wheels, { ...machine, glibc: '2.26' })).toMatch(/^The C library of this system is too old for TensorFlow, which needs GLIBC_2\.27\./);
  expect(machineLacks(tensorflowSource('npm', 'cpu', 'linux', 'x64'), { ...machine, glibc: '2.26' })).toBeUndefined();
  expect(machineLacks(wheels, { ...machine, glibc: undefined })).toMatch(/^TensorFlow needs the GNU C library/);
  expect(machineLacks(wheels, { ...machine, features: ' fpu sse4_2' })).toMatch(/lacks instructions that TensorFlow needs \(AVX\)/);
  expect(machineLacks(wheels, { ...machine, arch: 'arm64', features: ' fp asimd' })).toBeUndefined();
  expect(machineLacks(wheels, { platform: 'darwin', arch: 'arm64' })).toBeUndefined();
});

it('tells in words what kept the library from loading', () => {
  const why = (text: string): string => smokeFailure(text, 'ERROR', 'LOG');
  expect(why("/x/libtensorflow_cc.so.2: version `GLIBC_2.27' not found (required by x)")).toMatch(/^The C library of this system is too old for TensorFlow, which needs GLIBC_2\.27\./);
  expect(why('Error relocating /x/tfjs_binding.node: __memcpy_chk: symbol not found')).toMatch(/needs the GNU C library/);
  expect(why("The TensorFlow library was compiled to use AVX instructions, but these aren't available on your machine.")).toMatch(/lacks instructions/);
  expect(why('libcudart.so.11.0: cannot open shared object file: No such file or directory')).toMatch(/needs the library libcudart\.so\.11\.0, which is not on this machine/);
  expect(why('x.so: invalid ELF header')).toMatch(/another kind of machine/);
  expect(why('something else')).toBe('TensorFlow does not work on this machine: ERROR. Its log: LOG');
});

it('keeps components in the user\'s data folder, the same for editor and terminal', () => {
  expect(componentsFolder({ VAE_LAB_COMPONENTS: '/a/b' })).toBe(path.resolve('/a/b'));
  expect(componentsFolder({ XDG_DATA_HOME: '/d' }, 'linux')).toBe(path.join('/d', 'vae-lab', 'components'));
  expect(componentsFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(path.join('/l', 'vae-lab', 'components'));
  expect(componentsFolder({}, 'darwin')).toMatch(/Library.Application Support.vae-lab.components$/);
  expect([inWords(853_308_936), inWords(5_595_000_000)]).toEqual(['854 MB', '5.6 GB']);
});

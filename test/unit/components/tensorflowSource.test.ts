import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { componentsFolder } from '../../../src/components/componentsFolder';
import { inWords } from '../../../src/components/disk';
import { machineLacks } from '../../../src/components/machine';
import { cardLacks, firstVisible } from '../../../src/components/nvidia';
import { noGpu, smokeFailure } from '../../../src/components/smokeTest';
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

it('tells in words why a library for GPUs computes on the CPU', () => {
  expect(noGpu('Ignoring visible gpu device (device: 0, name: Quadro P400) with compute capability 6.1. The minimum required Cuda capability is 7.5.')).toBe('the card is too old, it needs compute capability 7.5');
  expect(noGpu('CUDA_VISIBLE_DEVICES is set to -1 - this hides all GPUs from CUDA')).toBe('CUDA_VISIBLE_DEVICES hides the card');
  expect(noGpu('kernel version 535.54.3 does not match DSO version 535.183.1 -- cannot find working devices in this configuration')).toContain('restart the machine');
  expect(noGpu('failed call to cuInit: CUDA_ERROR_UNKNOWN: unknown error')).toBe('the NVIDIA driver does not start: restart the machine');
  expect(noGpu('CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected')).toBe('there is no NVIDIA GPU');
  expect(noGpu('')).toBe('no NVIDIA driver was found');
});

it('knows a card that the library cannot compute on before it is downloaded, and which card CUDA calls its first', () => {
  const library = tensorflowSource('pypi', 'gpu', 'linux', 'x64');
  const [old, new_] = [{ name: 'GTX 1080', driver: '560.35', capability: '6.1' }, { name: 'H200', driver: '560.35', capability: '9.0' }];
  expect(cardLacks(library, [old])).toBe('GTX 1080 has compute capability 6.1, and TensorFlow 2.21.0 needs 7.5 or later. Set up TensorFlow for the CPU.');
  expect(cardLacks(library, [{ name: 'A100', driver: '470.82.01' }])).toBe('The driver of A100 is 470.82.01, and TensorFlow 2.21.0 needs 525 or later. Install a newer driver, or set up TensorFlow for the CPU.');
  for (const fits of [[], [new_], [old, new_], [{ name: 'Untold', driver: '560.35' }]]) expect(cardLacks(library, fits)).toBeUndefined();
  expect(cardLacks(tensorflowSource('npm', 'gpu', 'linux', 'x64'), [old])).toBeUndefined(); // it tells no least
  expect(['1', '1,0', '0', undefined].map((visible) => firstVisible([old, new_], visible)?.name)).toEqual(['H200', 'H200', 'GTX 1080', 'GTX 1080']);
  expect([firstVisible([old, new_], 'GPU-1b2c'), firstVisible([new_], 'GPU-1b2c')?.name]).toEqual([undefined, 'H200']);
});

it('keeps components in the user\'s data folder, the same for editor and terminal', () => {
  expect(componentsFolder({ VAE_LAB_COMPONENTS: '/a/b' })).toBe(path.resolve('/a/b'));
  expect(componentsFolder({ XDG_DATA_HOME: '/d' }, 'linux')).toBe(path.join('/d', 'vae-lab', 'components'));
  expect(componentsFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe(path.join('/l', 'vae-lab', 'components'));
  expect(componentsFolder({}, 'darwin')).toMatch(/Library.Application Support.vae-lab.components$/);
  expect([inWords(853_308_936), inWords(5_595_000_000)]).toEqual(['854 MB', '5.6 GB']);
});

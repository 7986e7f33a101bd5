import { SetUpError } from './setUpError';
import type { Source, Variant } from './tensorflowState';

/** A file to download, pinned. */
export interface PinnedFile {
  /** As the index or the server names it. */
  readonly name: string;
  readonly sha256: string;
  /** Exactly so many where it is a wheel; about so many where `about` is set. */
  readonly bytes: number;
  readonly about?: true;
  /** What of it is taken; `unpackedBytes` is that part's size. */
  readonly unpackedBytes: number;
  /** The project in the package index. */
  readonly project?: string;
  /** The whole address, where there is no index. */
  readonly address?: string;
}
/** Where the library of one platform comes from. */
export interface TensorflowSource {
  readonly tensorflow: string;
  readonly files: readonly PinnedFile[];
  /** What the linker is given, and what must lie in `deps/lib`. */
  readonly libraries: readonly string[];
  /** A sentence for each thing the machine must have that is not downloaded. */
  readonly needs: readonly string[];
  /** The least that a card must have, and its driver's first number. */
  readonly card?: { readonly capability: number; readonly driver: number };
}
type Platform = `${'linux' | 'darwin'} ${'x64' | 'arm64'}`;

const wheel = (project: string, name: string, bytes: number, unpackedBytes: number, sha256: string): PinnedFile => ({ project, name, bytes, unpackedBytes, sha256 });
const so = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** TensorFlow 2.21.0 as PyPI has it. Only `linux x64` on the CPU has been set up and run for every change; the others are written from the wheels' contents. */
const cpuWheels: Partial<Record<Platform, TensorflowSource>> = {
  'linux x64': { tensorflow: '2.21.0', libraries: so, needs: [], files: [
    wheel('tensorflow-cpu', 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl', 273_829_956, 853_308_936, '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c')] },
  'linux arm64': { tensorflow: '2.21.0', libraries: so, needs: [], files: [
    wheel('tensorflow', 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl', 281_828_020, 883_062_208, '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c')] },
  'darwin arm64': { tensorflow: '2.21.0', libraries: ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'], needs: [], files: [
    wheel('tensorflow', 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl', 223_405_849, 740_805_624, '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88')] },
};

/** TensorFlow built for CUDA 12, and NVIDIA's libraries that its wheel names in its extra `and-cuda`, unpacked to where TensorFlow looks for them. */
const gpuWheels: Partial<Record<Platform, TensorflowSource>> = {
  'linux x64': { tensorflow: '2.21.0', libraries: so, card: { capability: 7.5, driver: 525 }, needs: ['An NVIDIA GPU of compute capability 7.5 or later, with a driver of version 525 or later.'], files: [
    wheel('tensorflow', 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl', 572_440_367, 1_259_021_080, '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124'),
    wheel('nvidia-cublas-cu12', 'nvidia_cublas_cu12-12.9.3.13-py3-none-manylinux_2_27_x86_64.whl', 581_217_458, 855_064_416, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
    wheel('nvidia-cuda-cupti-cu12', 'nvidia_cuda_cupti_cu12-12.9.79-py3-none-manylinux_2_25_x86_64.whl', 10_814_997, 43_365_768, '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f'),
    wheel('nvidia-cuda-nvcc-cu12', 'nvidia_cuda_nvcc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 40_546_229, 35_417_224, '5d6a0d32fdc7ea39917c20065614ae93add6f577d840233237ff08e9a38f58f0'),
    wheel('nvidia-cuda-nvrtc-cu12', 'nvidia_cuda_nvrtc_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 89_568_129, 227_340_992, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
    wheel('nvidia-cuda-runtime-cu12', 'nvidia_cuda_runtime_cu12-12.9.79-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 3_493_179, 741_088, '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
    wheel('nvidia-cudnn-cu12', 'nvidia_cudnn_cu12-9.28.0.42-py3-none-manylinux_2_27_x86_64.whl', 716_538_495, 1_162_393_472, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
    wheel('nvidia-cufft-cu12', 'nvidia_cufft_cu12-11.4.1.4-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 200_877_592, 293_609_416, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
    wheel('nvidia-curand-cu12', 'nvidia_curand_cu12-10.3.10.19-py3-none-manylinux_2_27_x86_64.whl', 68_295_626, 166_965_432, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
    wheel('nvidia-cusolver-cu12', 'nvidia_cusolver_cu12-11.7.5.82-py3-none-manylinux_2_27_x86_64.whl', 338_117_415, 494_975_064, '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
    wheel('nvidia-cusparse-cu12', 'nvidia_cusparse_cu12-12.5.10.65-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl', 366_465_088, 486_556_368, '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
    wheel('nvidia-nccl-cu12', 'nvidia_nccl_cu12-2.32.3-py3-none-manylinux_2_27_x86_64.whl', 351_526_311, 473_614_536, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
    wheel('nvidia-nvjitlink-cu12', 'nvidia_nvjitlink_cu12-12.9.86-py3-none-manylinux2010_x86_64.manylinux_2_12_x86_64.whl', 39_748_338, 95_935_344, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
  ] },
};

const STORAGE = 'https://storage.googleapis.com/';
const archive = (address: string, bytes: number, unpackedBytes: number, sha256: string): PinnedFile =>
  ({ name: address.slice(address.lastIndexOf('/') + 1), address: STORAGE + address, bytes, about: true, unpackedBytes, sha256 });
const dylib = ['libtensorflow.2.dylib', 'libtensorflow_framework.2.dylib'];
const npmLibrary = (libraries: readonly string[], tensorflow: string, file: PinnedFile): TensorflowSource => ({ tensorflow, libraries, needs: [], files: [file] });
const plainSo = ['libtensorflow.so.2', 'libtensorflow_framework.so.2'];

/** What the install script of `@tensorflow/tfjs-node` downloads. Their sizes are estimates; their checksums are those that other packagers pin. */
const cpuArchives: Partial<Record<Platform, TensorflowSource>> = {
  'linux x64': npmLibrary(plainSo, '2.9.1', archive('tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz', 100e6, 450e6, '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173')),
  'linux arm64': npmLibrary(plainSo, '2.7.0', archive('tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz', 100e6, 450e6, '9395d1ff39f5b6847f5121e679ff4e599dc7061a2a7f87ceac061c78e908e6e3')),
  'darwin x64': npmLibrary(dylib, '2.9.1', archive('tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz', 100e6, 450e6, '56f83d3320ba0f69aaafd6c058645e1b7fbc75fb9a3fc36d6be98de1291ca226')),
  'darwin arm64': npmLibrary(dylib, '2.7.0', archive('tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz', 100e6, 450e6, '13ab22b97e2af06e431aaeb7b42fb89981965dd01aa16da035d8210aa4183d79')),
};
const gpuArchives: Partial<Record<Platform, TensorflowSource>> = {
  'linux x64': {
    ...npmLibrary(plainSo, '2.9.1', archive('tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz', 400e6, 1.3e9, '20c46f761d5905f592c4eac0812e8e50d9cb439f9440a9391912cf4c02ed8be8')),
    needs: ['An NVIDIA GPU with its driver, and CUDA 11.2 and cuDNN 8.1 installed where the linker finds them: this source does not bring them.'],
  },
};

/** The pinned files of a variant on a platform. @throws SetUpError where there are none, with what there is instead. */
export function tensorflowSource(source: Source, variant: Variant, platform: string = process.platform, arch: string = process.arch): TensorflowSource {
  if (platform === 'win32') throw new SetUpError('TensorFlow cannot be set up on Windows itself. Open the folder in WSL and set it up there, or train with another engine.');
  const tables = { pypi: { cpu: cpuWheels, gpu: gpuWheels }, npm: { cpu: cpuArchives, gpu: gpuArchives } };
  const entry = Object.entries(tables[source][variant]).find(([key]) => key === `${platform} ${arch}`)?.[1];
  if (entry) return entry;
  if (variant === 'gpu') throw new SetUpError(`TensorFlow for NVIDIA GPUs exists for Linux on x64 only, and this machine is ${platform} ${arch}. Set up TensorFlow for the CPU instead.`);
  const other: Source = source === 'pypi' ? 'npm' : 'pypi';
  if (`${platform} ${arch}` in tables[other].cpu) throw new SetUpError(`The source "${source}" has no TensorFlow for ${platform} ${arch}. Choose the source "${other}" instead.`);
  throw new SetUpError(`There is no TensorFlow for ${platform} ${arch}. Train with another engine.`);
}

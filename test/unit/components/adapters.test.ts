import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isSoftware, kernelAdapters, parseSystemProfiler, parseVideoControllers, parseVulkanSummary } from '../../../src/components/adapters';
import { parseLinkerCache } from '../../../src/components/cudaLibraries';
import { parseCuda } from '../../../src/components/nvidia';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-adapters-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });

describe('graphics adapters', () => {
  it('are read from Vulkan\'s summary, drivers with their versions', () => {
    const text = `Instance:\n\tapiVersion = 1.3.239\nDevices:\n========\nGPU0:\n\tapiVersion         = 1.3.246\n\tdeviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU\n\tdeviceName         = AMD Radeon RX 7800 XT (RADV NAVI32)\n\tdriverName         = radv\n\tdriverInfo         = Mesa 24.0.5\nGPU1:\n\tdeviceName         = llvmpipe (LLVM 15.0.6, 256 bits)\n`;
    expect(parseVulkanSummary(text)).toEqual([{ name: 'AMD Radeon RX 7800 XT (RADV NAVI32)', way: 'Vulkan', driver: 'radv Mesa 24.0.5' }, { name: 'llvmpipe (LLVM 15.0.6, 256 bits)', way: 'Vulkan' }]);
    expect(parseVulkanSummary('ERROR: [Loader Message] Code 0 : no drivers')).toEqual([]);
  });
  it('are told from those that are none', () => {
    const named = (name: string): boolean => isSoftware({ name, way: 'Vulkan' });
    expect(['llvmpipe (LLVM 15.0.6, 256 bits)', 'SwiftShader Device (LLVM 10.0.0)', 'Microsoft Basic Render Driver', 'virtio 1050', 'QEMU 1111', 'VMware SVGA 3D'].map(named)).not.toContain(false);
    expect(['AMD Radeon RX 7800 XT (RADV NAVI32)', 'NVIDIA 2684', 'Intel(R) Arc(TM) A770', 'Apple M2 Pro, 19 cores', 'Qualcomm Adreno 740', 'Microsoft 008e'].map(named)).not.toContain(true);
  });
  it('are read from Windows, one or several, and a size that fills its 32 bits is not told', () => {
    const one = { Name: 'Intel(R) Arc(TM) A770', DriverVersion: '31.0.101.5382', AdapterRAM: 1073741824 };
    expect(parseVideoControllers(JSON.stringify(one))).toEqual([{ name: 'Intel(R) Arc(TM) A770', way: 'Windows', driver: '31.0.101.5382', memoryMb: 1024 }]);
    expect(parseVideoControllers(JSON.stringify([one, { Name: 'NVIDIA GeForce RTX 4090', DriverVersion: null, AdapterRAM: 4293918720 }]))[1]).toEqual({ name: 'NVIDIA GeForce RTX 4090', way: 'Windows' });
    expect(parseVideoControllers('not recognized as a cmdlet')).toEqual([]);
  });
  it('are read from macOS, with Metal\'s version', () => {
    const text = JSON.stringify({ SPDisplaysDataType: [{ _name: 'Apple M2 Pro', sppci_model: 'Apple M2 Pro', sppci_cores: '19', spdisplays_mtlgpufamilysupport: 'spdisplays_metal3' }] });
    expect(parseSystemProfiler(text)).toEqual([{ name: 'Apple M2 Pro, 19 cores', way: 'macOS', driver: 'metal3' }]);
    expect(parseSystemProfiler('')).toEqual([]);
  });
  it('are read from Linux\'s kernel; outputs of a card are no cards, and one that does not tell its maker is left out', async () => {
    const device = path.join(top, 'card0', 'device');
    mkdirSync(device, { recursive: true });
    mkdirSync(path.join(top, 'card0-HDMI-A-1'));
    mkdirSync(path.join(top, 'card1'));
    writeFileSync(path.join(device, 'vendor'), '0x1002\n');
    writeFileSync(path.join(device, 'device'), '0x747e\n');
    symlinkSync('/drivers/amdgpu', path.join(device, 'driver'));
    expect(await kernelAdapters(top)).toEqual([{ name: 'AMD 747e', way: 'PCI', driver: 'amdgpu' }]);
    expect(await kernelAdapters(path.join(top, 'none'))).toEqual([]);
  });
});

describe('CUDA', () => {
  it('is known by the driver\'s version and the libraries that the linker finds', () => {
    expect(parseCuda('| NVIDIA-SMI 550.54.15   Driver Version: 550.54.15   CUDA Version: 12.4     |')).toBe('12.4');
    expect(parseCuda('command not found')).toBeUndefined();
    const cache = '\tlibcudnn.so.9 (libc6,x86-64) => /usr/lib/libcudnn.so.9\n\tlibcuda.so.1 (libc6,x86-64) => /usr/lib/libcuda.so.1\n\tlibcudnn.so.9 (libc6,x86-64) => /opt/libcudnn.so.9\n\tlibc.so.6 (libc6,x86-64) => /lib/libc.so.6\n';
    expect(parseLinkerCache(cache)).toEqual(['libcuda.so.1', 'libcudnn.so.9']);
  });
});

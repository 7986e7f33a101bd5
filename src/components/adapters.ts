import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { runProgram } from './runProgram';

/** A graphics adapter, and who names it. */
export interface Adapter { readonly name: string; readonly way: 'PCI' | 'Vulkan' | 'Windows' | 'macOS'; readonly driver?: string; readonly memoryMb?: number }

const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|software|Basic (Render|Display)|^(virtio|QEMU|VMware|VirtualBox|Cirrus|ASPEED|Matrox|Hyper-V)\b/i;
/** Drawn by the processor, or by a virtual machine's or a server's plain display chip: nothing that trains faster. */
export const isSoftware = ({ name }: Adapter): boolean => SOFTWARE.test(name);

const TIMEOUT_MS = 20_000;
const vendors: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel', '0x106b': 'Apple', '0x5143': 'Qualcomm', '0x13b5': 'Arm', '0x1af4': 'virtio', '0x1234': 'QEMU', '0x15ad': 'VMware', '0x1414': 'Microsoft' };

/** Devices in what `vulkaninfo --summary` prints. */
export function parseVulkanSummary(text: string): Adapter[] {
  return text.split(/^GPU\d+:/m).slice(1).flatMap((block) => {
    const value = (key: string): string | undefined => new RegExp(`^\\s*${key}\\s*=\\s*(.+?)\\s*$`, 'm').exec(block)?.[1];
    const [name, driver, info] = [value('deviceName'), value('driverName'), value('driverInfo')];
    if (name === undefined) return [];
    return [{ name, way: 'Vulkan', ...(driver === undefined ? {} : { driver: info === undefined ? driver : `${driver} ${info}` }) }];
  });
}

const windowsSchema = z.object({ Name: z.string(), DriverVersion: z.string().nullish(), AdapterRAM: z.number().nullish() });
/** Of PowerShell's `Get-CimInstance Win32_VideoController | ConvertTo-Json`, which gives one object or a list. AdapterRAM has 32 bits: what fills them is no size. */
export function parseVideoControllers(text: string): Adapter[] {
  const parsed = z.union([windowsSchema, z.array(windowsSchema)]).safeParse(jsonOf(text));
  return [parsed.data ?? []].flat().map(({ Name, DriverVersion, AdapterRAM }) => ({
    name: Name, way: 'Windows', ...(DriverVersion ? { driver: DriverVersion } : {}), ...(AdapterRAM && AdapterRAM > 0 && AdapterRAM < 2 ** 32 - 2 ** 20 ? { memoryMb: Math.round(AdapterRAM / 2 ** 20) } : {}),
  }));
}

const macSchema = z.object({ SPDisplaysDataType: z.array(z.object({ sppci_model: z.string(), sppci_cores: z.string().optional(), spdisplays_mtlgpufamilysupport: z.string().optional() })) });
/** Of `system_profiler SPDisplaysDataType -json`. */
export function parseSystemProfiler(text: string): Adapter[] {
  return (macSchema.safeParse(jsonOf(text)).data?.SPDisplaysDataType ?? []).map(({ sppci_model: name, sppci_cores: cores, spdisplays_mtlgpufamilysupport: metal }) => ({
    name: cores === undefined ? name : `${name}, ${cores} cores`, way: 'macOS', ...(metal === undefined ? {} : { driver: metal.replace(/^spdisplays_/, '') }),
  }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch { return undefined; }
}

/** What Linux's kernel knows under `drm`, each with the kernel's driver. */
export async function kernelAdapters(folder = '/sys/class/drm'): Promise<Adapter[]> {
  const cards = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name)).sort();
  const adapters = await Promise.all(cards.map(async (card): Promise<Adapter[]> => {
    const device = path.join(folder, card, 'device');
    const [vendor, id] = await Promise.all(['vendor', 'device'].map((file) => readFile(path.join(device, file), 'utf8').then((text) => text.trim(), () => undefined)));
    if (vendor === undefined || id === undefined) return [];
    const driver = await readlink(path.join(device, 'driver')).then((target) => path.basename(target), () => undefined);
    return [{ name: `${vendors[vendor] ?? vendor} ${id.replace(/^0x/, '')}`, way: 'PCI', ...(driver === undefined ? {} : { driver }) }];
  }));
  return adapters.flat();
}

const printed = async (command: string, args: readonly string[]): Promise<string> => (await runProgram(command, args, { timeoutMs: TIMEOUT_MS }))?.text ?? '';

/** Every graphics adapter that the system tells of, by each way in which it does. */
export async function adapters(): Promise<Adapter[]> {
  switch (process.platform) {
    case 'win32': return parseVideoControllers(await printed('powershell', ['-NoProfile', '-Command', 'Get-CimInstance Win32_VideoController | Select-Object Name,DriverVersion,AdapterRAM | ConvertTo-Json']));
    case 'darwin': return parseSystemProfiler(await printed('system_profiler', ['SPDisplaysDataType', '-json']));
    default: return [...await kernelAdapters(), ...parseVulkanSummary(await printed('vulkaninfo', ['--summary']))];
  }
}

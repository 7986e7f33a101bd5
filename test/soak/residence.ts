import { readdirSync, readFileSync } from 'node:fs';

/** What a process holds: resident memory in MB, and open files and sockets. Linux. */
export interface Residence { readonly mb: number; readonly handles: number }

const fieldOf = (pid: number, name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
export const residenceOf = (pid: number): Residence => ({ mb: fieldOf(pid, 'VmRSS') / 1024, handles: readdirSync(`/proc/${pid}/fd`).length });
/** Of several together. */
export const sumOf = (parts: readonly Residence[]): Residence => ({ mb: parts.reduce((sum, { mb }) => sum + mb, 0), handles: parts.reduce((sum, { handles }) => sum + handles, 0) });

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
function descends(pid: number, from: number): boolean {
  for (let at = pid; at > 1; at = fieldOf(at, 'PPid')) if (at === from) return true;
  return false;
}
/** Processes that this one has started, and those these have, whose command line holds `text`. */
export function startedHere(text: string): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => {
    try { return Number.isInteger(pid) && pid > 0 && commandOf(pid).includes(text) && descends(pid, process.pid); } catch { return false; } // gone meanwhile
  });
}

/** Of the least-squares line through points. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { processStart } from '../../src/runs/processStart';

/** Processes of hosts, and of their helpers, that keep their runs in this state folder. Linux. */
export function hostProcesses(state: string): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('"role":') && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`VAE_LAB_STATE=${state}\0`) && processStart(pid) !== undefined;
    } catch { return false; } // no process, or gone
  });
}

/** Files below a folder, without their folders. */
export const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).map(({ name }) => name) : []);

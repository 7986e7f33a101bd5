import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { processStart } from '../../src/runs/processStart';

/** Processes of hosts that keep their runs in this state folder, and of those that compute gradients for them (`helpers`). Linux. */
export function hostProcesses(state: string, { helpers = false } = {}): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes('"role":') && (helpers || !command.includes('"role":"oracle"')) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`VAE_LAB_STATE=${state}\0`) && processStart(pid) !== undefined;
    } catch { return false; } // no process, or gone
  });
}

/** Files below a folder, without their folders. */
export const filesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).map(({ name }) => name) : []);

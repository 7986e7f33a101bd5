import { readdirSync, readFileSync } from 'node:fs';

/** Processes that a process started, whose command line holds a text; Linux only. */
export function childrenOf(pid: number, text: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((child) => {
    try {
      const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z' && readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(text);
    } catch { return false; } // it has gone meanwhile
  });
}

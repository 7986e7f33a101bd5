import { readFileSync } from 'node:fs';

/** Of this start of the system: ticks are counted anew after each. */
const bootId = (): string => { try { return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(); } catch { return ''; } };

export const UNKNOWN_START = 'unknown';
/** When a process started, as far as the system tells (`UNKNOWN_START` elsewhere than on Linux); nothing where it has ended. A pid used again by another program must not pass for a host. */
export function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return undefined; // EPERM: it is another user's
  }
  if (process.platform !== 'linux') return UNKNOWN_START;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : `${bootId()} ${fields[19] ?? ''}`;
  } catch { return undefined; }
}

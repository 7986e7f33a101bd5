import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { processStart } from './processStart';
import { stateFolder } from './stateFolder';

const place = (): string => path.join(stateFolder(), 'scratch');
/** As a part of a file's name. */
const startOf = (pid: number): string | undefined => processStart(pid)?.replace(/\W+/g, '_');

/** A folder for files of this process, who deletes it. Where it is killed before, the next host does. */
export function scratchFolder(): string {
  mkdirSync(place(), { recursive: true, mode: 0o700 });
  return mkdtempSync(path.join(place(), `${process.pid}.${startOf(process.pid) ?? ''}.`));
}

/** Deletes the folders of processes that are gone. */
export function sweepScratch(): void {
  let names: string[] = [];
  try { names = readdirSync(place()); } catch { /* there never was one */ }
  for (const name of names) {
    const [pid = '', start] = name.split('.');
    if (startOf(Number(pid)) !== start) rmSync(path.join(place(), name), { recursive: true, force: true });
  }
}

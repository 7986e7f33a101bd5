import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

let folder: string | undefined;
/** A folder that goes with this process. */
export function scratch(): string {
  if (folder !== undefined) return folder;
  const made = folder = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-fuzz-'));
  process.on('exit', () => { rmSync(made, { recursive: true, force: true }); });
  return made;
}

/** The input as a file in it; the name may have folders. */
export function asFile(name: string, input: Uint8Array): string {
  const file = path.join(scratch(), name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, input);
  return file;
}

import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';

const SIZE = 64 * 2 ** 20;

/** A file system of its own, as one that fails a person: `why` is then absent. */
export interface Disk {
  readonly why?: string;
  /** As where the kernel met an error: from now on nothing is written, whoever has files open. */
  fail(): void;
  /** Checked, and written again; nobody may have files open. */
  mend(): void;
  end(): void;
}

function call(command: string, ...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 || (command === 'e2fsck' && status === 1) ? undefined : `${command}: ${error?.message ?? stderr.trim()}`; // 1: it found something, and mended it
}
function must(command: string, ...args: string[]): void {
  const wrong = call(command, ...args);
  if (wrong !== undefined) throw new Error(wrong);
}

/** An ext4 file system in the file `image`, mounted at `folder`: only who may mount has one, elsewhere `why` says so. */
export function mountDisk(image: string, folder: string): Disk {
  mkdirSync(folder, { recursive: true });
  writeFileSync(image, '');
  truncateSync(image, SIZE);
  const mount = ['-o', 'loop', image, folder];
  const why = process.platform === 'linux' ? call('mkfs.ext4', '-q', '-F', image) ?? call('mount', ...mount) : 'only Linux has it';
  return {
    ...(why === undefined ? {} : { why }),
    fail: () => { must('mount', '-o', 'remount,abort', folder); },
    mend: () => {
      must('umount', folder);
      must('e2fsck', '-fy', image);
      must('mount', ...mount);
    },
    end: () => {
      if (why === undefined) call('umount', '--lazy', folder);
      rmSync(image, { force: true });
    },
  };
}

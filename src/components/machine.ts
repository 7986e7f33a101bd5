import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { TensorflowSource } from './tensorflowSource';

/** What of a machine decides whether TensorFlow's library can be loaded there. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** Version of the GNU C library, "2.36"; none where Linux has another. */
  readonly glibc?: string | undefined;
  /** The first core's features, as /proc/cpuinfo lists them. */
  readonly features?: string | undefined;
}
export function noAvx(): string { return 'The processor of this machine lacks instructions that TensorFlow needs (AVX). Train with another engine.'; }
export function noGlibc(): string { return 'TensorFlow needs the GNU C library, and this system has another one. Use a system such as Debian, Ubuntu or Fedora.'; }
export function oldGlibc(needed: string): string { return `The C library of this system is too old for TensorFlow, which needs ${needed}. Use a newer system, or the source "npm", whose TensorFlow is older.`; }

const reportSchema = z.object({ header: z.object({ glibcVersionRuntime: z.string().optional() }) });
export async function thisMachine(): Promise<Machine> {
  const glibc = process.platform === 'linux' ? reportSchema.safeParse(process.report.getReport()).data?.header.glibcVersionRuntime : undefined;
  const features = /^(?:flags|Features)\s*:(.*)$/m.exec(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))?.[1];
  return { platform: process.platform, arch: process.arch, glibc, features };
}

/** Why the library cannot run on a machine, as far as can be told before it is downloaded. */
export function machineLacks(library: TensorflowSource, { platform, arch, glibc, features }: Machine): string | undefined {
  if (platform !== 'linux') return undefined;
  if (glibc === undefined) return noGlibc();
  const [have = 0, minor = 0] = glibc.split('.').map(Number);
  const needed = Math.max(...library.files.map(({ name }) => Number(/manylinux_2_(\d+)_/.exec(name)?.[1] ?? 0)));
  if (have < 2 || (have === 2 && minor < needed)) return oldGlibc(`GLIBC_2.${needed}`);
  return arch === 'x64' && features !== undefined && !/\bavx\b/.test(features) ? noAvx() : undefined;
}

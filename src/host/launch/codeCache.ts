import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

/** Of other programs and other versions of Node. */
const KEPT = 4;
const HASH_BYTES = 32;

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** What V8 compiled, else undefined: V8 takes bytes that a disk has spoiled for code. */
function kept(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const code = bytes.subarray(HASH_BYTES);
    return sha256(code).equals(bytes.subarray(0, HASH_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function keep(file: string, code: Buffer): void {
  const folder = path.dirname(file);
  const aside = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const age = (name: string): number => statSync(path.join(folder, name)).mtimeMs;
    for (const name of readdirSync(folder).sort((a, b) => age(b) - age(a)).slice(KEPT - 1)) rmSync(path.join(folder, name), { force: true });
    writeFileSync(aside, Buffer.concat([sha256(code), code]), { mode: 0o600 });
    renameSync(aside, file);
  } catch {
    try { rmSync(aside, { force: true }); } catch { /* not even the folder is there: the next start compiles again */ }
  }
}

/** Runs a CommonJS program from what V8 compiled of it at an earlier start, kept in `folder`; the first start keeps it when the process ends. Such a program has no import(). Returns whether there was such code. */
export function runCached(program: string, folder: string): boolean {
  setFlagsFromString('--no-flush-bytecode'); // after hours of training V8 would have dropped what only a start runs
  const source = readFileSync(program, 'utf8');
  const file = path.join(folder, `${sha256(source, program, process.version, process.arch).toString('hex')}.bin`); // errors name the place at which code was compiled
  const cachedData = kept(file);
  const script = new vm.Script(Module.wrap(source), { filename: program, ...cachedData && { cachedData } });
  const isCached = cachedData !== undefined && script.cachedDataRejected !== true;
  if (!isCached) process.on('exit', () => { keep(file, script.createCachedData()); });
  const run: unknown = script.runInThisContext();
  const module = { exports: {} };
  if (typeof run === 'function') Reflect.apply(run, module.exports, [module.exports, Module.createRequire(program), module, program, path.dirname(program)]);
  return isCached;
}

import { appendFileSync } from 'node:fs';
import { appendFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compileBinding, compilerNeeded, findCompiler } from './compileBinding';
import { componentsFolder, tensorflowFolder } from './componentsFolder';
import { freeBytes as freeBytesOf, inWords } from './disk';
import { fetchLibrary } from './fetchLibrary';
import { withLock } from './lock';
import { machineLacks, thisMachine } from './machine';
import { locate, packageIndexes } from './packageIndex';
import { codeOf, SetUpError } from './setUpError';
import { smokeTest } from './smokeTest';
import { tensorflowSource, type TensorflowSource } from './tensorflowSource';
import { BINDING_FILE, BINDING_VERSION, inspectTensorflow, MANIFEST_FILE, type ComponentManifest, type ComponentState, type Source, type Variant } from './tensorflowState';
import { unpackArchive, unpackWheel } from './unpack';

type Installed = Extract<ComponentState, { kind: 'installed' }>;
export interface SetUpOptions {
  readonly variant: Variant;
  readonly source: Source;
  /** What is being done, and how much of that is done, from 0 to 1, where it is known. At most ten times a second. */
  readonly onProgress: (what: string, fraction?: number) => void;
  readonly signal?: AbortSignal;
  /** Default: `componentsFolder()`. */
  readonly components?: string;
  /** Runs the smoke test. Default: this process's own runtime. */
  readonly node?: string;
  /** The built extension's `dist`, with what the set-up needs. Default: the folder of this bundle. */
  readonly dist?: string;
  /** Other pins, a full disk, a slow server: for tests. */
  readonly library?: TensorflowSource;
  readonly freeBytes?: (folder: string) => Promise<number>;
  readonly idleMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}
export interface SetUpResult {
  readonly state: Installed;
  /** Whether TensorFlow computes on a GPU here. `undefined` where the component was there already. */
  readonly gpu?: boolean;
  /** A sentence for a person, where something is not as was wished. */
  readonly notice?: string;
}

const MARGIN = 50e6;

/**
 * Downloads the pinned library, compiles the binding, tries both in a process of their own, and puts the component in its place whole; or leaves nothing in its
 * place. What was downloaded is kept for the next call until one succeeds. One process at a time: a second waits, and finds the component there.
 * @throws SetUpError with a sentence; AbortError when cancelled
 */
export async function setUpTensorflow(options: SetUpOptions): Promise<SetUpResult> {
  const components = options.components ?? componentsFolder();
  const library = options.library ?? tensorflowSource(options.source, options.variant);
  const { signal, variant, source } = options;
  const onProgress = atMostTenTimesASecond(options.onProgress);
  const log = path.join(components, 'tensorflow-set-up.log');
  try {
    return await withLock(path.join(components, 'tensorflow.lock'), async () => {
      const there = await inspectTensorflow(components);
      if (there.kind === 'installed' && there.variant === variant && there.source === source && there.tensorflow === library.tensorflow) return { state: there };
      const lacks = machineLacks(library, await thisMachine());
      if (lacks !== undefined) throw new SetUpError(lacks);
      if (await findCompiler(options.env) === undefined) throw new SetUpError(compilerNeeded());
      for (const name of await readdir(components)) if (/^tensorflow\.(partial|old)-/.test(name)) await rm(path.join(components, name), { recursive: true, force: true });
      await writeFile(log, `${new Date().toISOString()} TensorFlow ${library.tensorflow}, ${variant}, from ${source}, ${process.platform} ${process.arch}\n`);
      const partial = `${tensorflowFolder(components)}.partial-${process.pid}`;
      try {
        return await build(options, library, { components, partial, log, onProgress });
      } catch (error) {
        await appendFile(log, `${error instanceof Error ? error.stack ?? error.message : String(error)}\n`).catch(() => undefined);
        throw error;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    }, { signal, onWait: () => { options.onProgress('Waiting for the TensorFlow set-up of another window to end'); } });
  } catch (error) {
    signal?.throwIfAborted();
    if (['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'].includes(codeOf(error))) throw new SetUpError(`The components folder ${components} cannot be written (${codeOf(error)}). Make room or correct its permissions, or name another in VAE_LAB_COMPONENTS, and set up again.`);
    throw error;
  }
}

interface Places { readonly components: string; readonly partial: string; readonly log: string; readonly onProgress: SetUpOptions['onProgress'] }

async function build(options: SetUpOptions, library: TensorflowSource, { components, partial, log, onProgress }: Places): Promise<SetUpResult> {
  const { signal, variant, source, env } = options;
  const dist = options.dist ?? __dirname;
  const downloads = path.join(components, 'downloads');
  const folder = tensorflowFolder(components);
  await requireRoom(library, downloads, options.freeBytes ?? freeBytesOf);
  const wheels = await download(library, downloads, options, onProgress);

  await mkdir(path.join(partial, path.dirname(BINDING_FILE)), { recursive: true });
  let unpacked = 0;
  const total = library.files.reduce((sum, file) => sum + file.unpackedBytes, 0);
  for (const file of wheels) {
    onProgress('Unpacking TensorFlow', Math.min(1, unpacked / total));
    if (source === 'npm') await unpackArchive(file, partial, signal);
    else await unpackWheel(file, partial, (bytes) => { unpacked += bytes; onProgress('Unpacking TensorFlow', Math.min(1, unpacked / total)); }, signal);
  }
  onProgress('Compiling the binding of TensorFlow');
  const headers = path.join(partial, source === 'npm' ? 'deps/include' : 'include');
  await compileBinding(partial, { binding: path.join(dist, 'tensorflow', 'binding'), nodeApi: path.join(dist, 'tensorflow', 'node-api') }, headers, library.libraries, { env, signal, log: (text) => { appendFileSync(log, text); } });
  await rm(headers, { recursive: true, force: true });
  onProgress('Trying TensorFlow');
  const tried = await smokeTest(partial, { node: options.node ?? process.execPath, script: path.join(dist, 'tensorflowSmoke.js'), signal, env, log, onOutput: (text) => { appendFileSync(log, text); } });
  if (tried.tensorflow !== library.tensorflow) throw new SetUpError(`What was downloaded is TensorFlow ${tried.tensorflow} instead of ${library.tensorflow}. Set up again.`);

  const manifest: ComponentManifest = { version: 1, variant, source, tensorflow: library.tensorflow, binding: BINDING_VERSION, platform: process.platform, arch: process.arch, files: await listFiles(partial) };
  await writeFile(path.join(partial, MANIFEST_FILE), JSON.stringify(manifest, undefined, 1));
  signal?.throwIfAborted();
  const old = `${folder}.old-${process.pid}-${Date.now()}`;
  await rename(folder, old).catch((error: unknown) => { if (codeOf(error) !== 'ENOENT') throw error; });
  await rename(partial, folder);
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
  await rm(downloads, { recursive: true, force: true });
  const state = await inspectTensorflow(components);
  if (state.kind !== 'installed') throw new SetUpError(state.kind === 'broken' ? state.why : `The TensorFlow component in ${folder} was removed while it was set up. Set it up again.`);
  return { state, gpu: tried.gpu, ...(variant === 'gpu' && !tried.gpu ? { notice: `TensorFlow is set up, but it computes on the CPU: ${tried.whyNoGpu}.` } : {}) };
}

/** @throws SetUpError where the disk has too little room for what is yet to come */
async function requireRoom(library: TensorflowSource, downloads: string, freeBytes: (folder: string) => Promise<number>): Promise<void> {
  const have = await Promise.all(library.files.flatMap(({ name }) => [name, `${name}.part`]).map((name) => stat(path.join(downloads, name)).then(({ size }) => size, () => 0)));
  const needed = Math.max(0, library.files.reduce((sum, file) => sum + file.bytes + file.unpackedBytes, MARGIN) - have.reduce((sum, bytes) => sum + bytes, 0));
  const free = await freeBytes(downloads);
  if (free < needed) throw new SetUpError(`Setting up TensorFlow takes ${inWords(needed)} in ${path.dirname(downloads)} (part of it only while it is set up), and ${inWords(free)} are free. Make room, or name another folder in VAE_LAB_COMPONENTS, and set up again.`);
}

async function download(library: TensorflowSource, downloads: string, { signal, env, idleMs }: SetUpOptions, onProgress: SetUpOptions['onProgress']): Promise<string[]> {
  onProgress('Looking for TensorFlow');
  const indexes = library.files.some(({ address }) => address === undefined) ? await packageIndexes(env) : [];
  const total = library.files.reduce((sum, file) => sum + file.bytes, 0);
  let before = 0;
  const fetched: string[] = [];
  for (const file of library.files) {
    const target = path.join(downloads, file.name);
    const address = file.address ?? await locate(file, indexes, { signal, env, idleMs });
    onProgress('Downloading TensorFlow', before / total);
    await fetchLibrary({ address, target, sha256: file.sha256, bytes: file.about ? undefined : file.bytes, signal, env, idleMs, onBytes: (done) => { onProgress('Downloading TensorFlow', Math.min(1, (before + done) / total)); } });
    before += file.bytes;
    fetched.push(target);
  }
  onProgress('Downloading TensorFlow', 1);
  return fetched;
}

async function listFiles(folder: string): Promise<ComponentManifest['files']> {
  const found = await Promise.all((await readdir(folder, { recursive: true })).sort().map(async (name) => ({ name, stats: await stat(path.join(folder, name)) })));
  return found.filter(({ stats }) => stats.isFile()).map(({ name, stats }) => ({ path: name, bytes: stats.size }));
}

function atMostTenTimesASecond(tell: SetUpOptions['onProgress']): SetUpOptions['onProgress'] {
  let [last, lastAt] = ['', 0];
  return (what, fraction) => {
    const now = performance.now();
    if (what === last && fraction !== 1 && now - lastAt < 100) return;
    if (what === last && fraction === 1 && lastAt === Infinity) return;
    [last, lastAt] = [what, fraction === 1 ? Infinity : now];
    tell(what, fraction);
  };
}

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inspectTensorflow, removeTensorflow, SetUpError, setUpTensorflow, type SetUpOptions, type SetUpResult } from '../../../src/components/tensorflow';
import { PackageIndex } from './index';
import { makeTinyTensorflow, pin, type TinyTensorflow } from './tinyTensorflow';
import { zip } from './zip';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-set-up-'));
const mounts = process.platform === 'linux' && spawnSync('sh', ['-c', `mkdir ${top}/try && mount -t tmpfs tmpfs ${top}/try && umount ${top}/try`]).status === 0;
let tiny: TinyTensorflow;
let index: PackageIndex;
let components: string;
let told: string[];

beforeAll(() => { tiny = makeTinyTensorflow(top); });
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
beforeEach(async () => {
  components = path.join(mkdtempSync(path.join(top, 'user-')), 'components');
  told = [];
  index = await new PackageIndex().start();
  index.add('tiny', 'tiny-0.0.1-py3-none-any.whl', tiny.wheel);
});
afterEach(() => { index.stop(); });

function setUp(options: Partial<SetUpOptions> = {}): Promise<SetUpResult> {
  return setUpTensorflow({ variant: 'cpu', source: 'pypi', components, dist: tiny.dist, library: tiny.library, env: index.env, onProgress: (what) => { if (told.at(-1) !== what) told.push(what); }, ...options });
}
const inPlace = (): string[] => readdirSync(components).sort();
/** The sentence that a set-up fails with. */
async function failure(options: Partial<SetUpOptions> = {}): Promise<string> {
  const error: unknown = await setUp(options).then(() => undefined, (reason: unknown) => reason);
  expect(error).toBeInstanceOf(SetUpError);
  return error instanceof Error ? error.message : '';
}

describe('setting up', () => {
  it('goes the whole way: finds, downloads, unpacks, compiles, tries, and leaves the component alone', async () => {
    const { state, gpu, notice } = await setUp();
    expect(told).toEqual(['Looking for TensorFlow', 'Downloading TensorFlow', 'Unpacking TensorFlow', 'Compiling the binding of TensorFlow', 'Trying TensorFlow']);
    expect({ gpu, notice }).toEqual({ gpu: false, notice: undefined });
    expect(inPlace()).toEqual(['tensorflow', 'tensorflow-set-up.log']);
    const files = readdirSync(state.folder, { recursive: true }).map(String).filter((name) => statSync(path.join(state.folder, name)).isFile()).sort();
    expect(files).toEqual(['component.json', ...tiny.library.libraries.map((name) => `deps/lib/${name}`), 'lib/napi-v8/tfjs_binding.node', 'licenses/tensorflow-third-party.txt']);
    expect(state).toEqual({ ...await inspectTensorflow(components) });
    expect(execFileSync(process.execPath, ['-p', `require(${JSON.stringify(state.binding)}).version`], { encoding: 'utf8' }).trim()).toBe('0.0.1');
  });
  it('finds the component there, and asks nothing of the network', async () => {
    await setUp();
    const before = index.asked.length;
    expect(before).toBe(2);
    await setUp();
    expect(index.asked).toHaveLength(before);
  });
  it('puts NVIDIA\'s libraries where TensorFlow looks for them, and says when there is no GPU', async () => {
    const nvidia = zip({ 'nvidia/cublas/lib/libcublas.so.12': 'cublas', 'nvidia/cublas/include/cublas.h': 'no', 'nvidia/cuda_nvcc/bin/ptxas': '#!', 'nvidia_cublas_cu12-1.dist-info/licenses/License.txt': 'terms' });
    index.add('nvidia-cublas-cu12', 'cublas.whl', nvidia);
    const { state, notice } = await setUp({ variant: 'gpu', library: { ...tiny.library, files: [...tiny.library.files, pin('nvidia-cublas-cu12', 'cublas.whl', nvidia)] } });
    expect(readdirSync(path.join(state.folder, 'deps', 'nvidia'), { recursive: true }).map(String).sort()).toEqual(['cublas', 'cublas/lib', 'cublas/lib/libcublas.so.12', 'cuda_nvcc', 'cuda_nvcc/bin', 'cuda_nvcc/bin/ptxas']);
    expect(statSync(path.join(state.folder, 'deps/nvidia/cuda_nvcc/bin/ptxas')).mode & 0o777).toBe(0o755);
    expect(readdirSync(path.join(state.folder, 'licenses'))).toContain('nvidia_cublas_cu12.txt');
    expect(notice).toBe('TensorFlow is set up, but it computes on the CPU: no NVIDIA driver was found.');
  });
  it('sets up from the npm package\'s archive', async () => {
    index.add('archives', 'tiny.tar.gz', tiny.archive);
    const file = { ...pin('', 'tiny.tar.gz', tiny.archive), about: true, address: index.address.replace('simple', 'files/archives') + 'tiny.tar.gz' } as const;
    const { state } = await setUp({ source: 'npm', library: { ...tiny.library, files: [file] } });
    expect(state).toMatchObject({ kind: 'installed', source: 'npm', tensorflow: '0.0.1' });
    expect(readdirSync(path.join(state.folder, 'deps'))).toEqual(['lib']);
  });
  it('replaces one variant by another', async () => {
    await setUp();
    expect(await setUp({ variant: 'gpu' })).toMatchObject({ state: { variant: 'gpu' } });
    expect(inPlace()).toEqual(['tensorflow', 'tensorflow-set-up.log']);
  });
});

describe('a set-up that fails', () => {
  const fails = async (sentence: RegExp, options: Partial<SetUpOptions> = {}): Promise<void> => {
    expect(await failure(options)).toMatch(sentence);
    expect(await inspectTensorflow(components)).toEqual({ kind: 'absent' });
    expect(inPlace().filter((name) => /partial|lock/.test(name))).toEqual([]);
    index.intercept = () => false;
    expect(await setUp()).toMatchObject({ state: { kind: 'installed' } }); // and can be run again
  };
  it('says that the checksum is wrong', async () => {
    const file = { ...pin('tiny', 'tiny-0.0.1-py3-none-any.whl', tiny.wheel), sha256: '0'.repeat(64) };
    await fails(/^The checksum of tiny-0\.0\.1-py3-none-any\.whl from http:.* is wrong, so it was thrown away/, { library: { ...tiny.library, files: [file] } });
  });
  it('says that a proxy answers with a web page, for the index and for the file', async () => {
    const page: PackageIndex['intercept'] = (_, response) => { response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Log in, please</html>'); return true; };
    index.intercept = page;
    await fails(/^tiny-.*\.whl was not found\. http:.*\/simple\/tiny\/ does not list it\. Check the network/);
    rmSync(components, { recursive: true });
    index.intercept = (request, response) => request.url?.startsWith('/files') === true && page(request, response);
    await fails(/answered with a web page instead of the file\. Look for a proxy/);
  });
  it('says what the server answered', async () => {
    index.intercept = (request, response) => { if (!request.url?.startsWith('/files')) return false; response.writeHead(403).end(); return true; };
    await fails(/\/files\/tiny\/.*whl answered 403\. Check the network/);
  });
  it('says that the disk has no room, before it downloads', async () => {
    expect(await failure({ freeBytes: () => Promise.resolve(49e6) })).toMatch(/^Setting up TensorFlow takes 51 MB in .*components \(part of it only while it is set up\), and 49 MB are free\. Make room/);
    expect(index.asked).toEqual([]);
    await fails(/and 0 MB are free/, { freeBytes: () => Promise.resolve(0) });
  });
  it('says what to install where there is no compiler, before it downloads', async () => {
    const empty = path.join(top, 'empty');
    mkdirSync(empty, { recursive: true });
    expect(await failure({ env: { ...index.env, PATH: empty, CXX: '' } })).toMatch(/^A C\+\+ compiler is needed once, and none was found\. Install/);
    expect(index.asked).toEqual([]);
  });
  it('gives the compiler\'s first error', async () => {
    const headless = zip({ 'tensorflow/libtensorflow_cc.so.2': 'x', 'tensorflow/libtensorflow_framework.so.2': 'x' });
    index.add('tiny', 'headless.whl', headless);
    await fails(/^The binding of TensorFlow cannot be compiled by \S+: .*c_api\.h/, { library: { ...tiny.library, files: [pin('tiny', 'headless.whl', headless)] } });
  });
  it('says what the wheel lacks, and that a file is no wheel', async () => {
    const hollow = zip({ 'tensorflow/include/tensorflow/c/c_api.h': '' });
    index.add('tiny', 'hollow.whl', hollow);
    await fails(/^What was downloaded does not hold libtensorflow_cc/, { library: { ...tiny.library, files: [pin('tiny', 'hollow.whl', hollow)] } });
    await removeTensorflow(components);
    const noZip = Buffer.from('not a zip at all, but with the right checksum');
    index.add('tiny', 'no.whl', noZip);
    await fails(/^no\.whl cannot be unpacked: .*Set up again/, { library: { ...tiny.library, files: [pin('tiny', 'no.whl', noZip)] } });
  });
  it('tells in words why the library does not work here, and keeps the log', async () => {
    await fails(/^TensorFlow does not work on this machine: matMul gave \[1\] instead of \[2\]\. Its log: /, { env: { ...index.env, SMOKE_ERROR: 'matMul gave [1] instead of [2]' } });
    await removeTensorflow(components);
    await fails(/lacks instructions that TensorFlow needs \(AVX\)/, { env: { ...index.env, SMOKE: 'SIGILL' } });
    await removeTensorflow(components);
    expect(await failure({ env: { ...index.env, SMOKE: 'silent' } })).toMatch(/its process ended with code 0/);
    expect(readFileSync(path.join(components, 'tensorflow-set-up.log'), 'utf8')).toContain('silent');
  });
  it.skipIf(!mounts)('says that the disk is full when it gets full on the way (needs the right to mount)', async () => {
    for (const [room, sentence] of [[12, /^tiny-.*whl cannot be written into .*downloads \(ENOSPC\)\. Make room/], [(tiny.wheel.length >> 10) + 16, /^tiny-.*whl cannot be unpacked into .*partial-\d+ \(ENOSPC\)\. Make room/]] as const) {
      mkdirSync(components, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${room}k`, 'tmpfs', components]);
      try {
        expect(await failure({ freeBytes: () => Promise.resolve(Infinity) })).toMatch(sentence);
        expect(inPlace()).toEqual(['downloads', 'tensorflow-set-up.log']);
      } finally {
        execFileSync('umount', [components]);
      }
    }
  });
  it('is told apart from another version of the library', async () => {
    await fails(/^What was downloaded is TensorFlow 0\.0\.1 instead of 9\.9\.9/, { library: { ...tiny.library, tensorflow: '9.9.9' } });
  });
});

describe('a set-up that is interrupted', () => {
  /** Sends the wheel byte for byte, so that it never comes to its end. */
  const trickle: PackageIndex['intercept'] = (request, response) => {
    if (!request.url?.startsWith('/files')) return false;
    response.writeHead(200, { 'content-length': tiny.wheel.length });
    let sent = 0;
    const timer = setInterval(() => { response.write(tiny.wheel.subarray(sent, ++sent)); }, 2);
    response.on('close', () => { clearInterval(timer); });
    return true;
  };
  const kept = (): number => statSync(path.join(components, 'downloads', 'tiny-0.0.1-py3-none-any.whl.part'), { throwIfNoEntry: false })?.size ?? 0;
  it('can be cancelled, and goes on later where it was', async () => {
    index.intercept = trickle;
    const cancel = new AbortController();
    await expect(setUp({ signal: cancel.signal, onProgress: () => { if (kept() > 0) cancel.abort(); } })).rejects.toMatchObject({ name: 'AbortError' });
    expect(inPlace()).toEqual(['downloads', 'tensorflow-set-up.log']);
    index.intercept = () => false;
    const from = kept();
    await setUp();
    expect(index.asked.slice(2)).toEqual(['/simple/tiny/', `/files/tiny/tiny-0.0.1-py3-none-any.whl bytes=${from}-`]);
    expect(inPlace()).toEqual(['tensorflow', 'tensorflow-set-up.log']);
  });
  it('can be cancelled at every stage, and leaves nothing in its place', async () => {
    for (const stage of ['Looking for TensorFlow', 'Unpacking TensorFlow', 'Compiling the binding of TensorFlow', 'Trying TensorFlow']) {
      const cancel = new AbortController();
      await expect(setUp({ signal: cancel.signal, onProgress: (what) => { if (what === stage) cancel.abort(); } })).rejects.toMatchObject({ name: 'AbortError' });
      expect([stage, inPlace().filter((name) => !/downloads|log/.test(name))]).toEqual([stage, []]);
    }
    expect(await setUp()).toMatchObject({ state: { kind: 'installed' } });
  });
  it('clears what a killed set-up left, its lock too', async () => {
    const gone = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).trim();
    mkdirSync(path.join(components, `tensorflow.partial-${gone}`, 'deps'), { recursive: true });
    mkdirSync(path.join(components, `tensorflow.old-${gone}`));
    writeFileSync(path.join(components, 'tensorflow.lock'), JSON.stringify({ pid: Number(gone), host: os.hostname(), id: 'x' }));
    await setUp();
    expect(inPlace()).toEqual(['tensorflow', 'tensorflow-set-up.log']);
    expect(told).not.toContain('Waiting for the TensorFlow set-up of another window to end');
  });
  it('is done once when two windows begin it', async () => {
    let release = (): void => undefined;
    index.intercept = (request, response) => {
      if (!request.url?.startsWith('/files')) return false;
      release = () => { PackageIndex.send(request, response, tiny.wheel); };
      return true;
    };
    const heard: string[] = [];
    const first = setUp({ onProgress: (what) => { if (what === 'Downloading TensorFlow' && !heard.length) second = setUp({ onProgress: (said) => { heard.push(said); release(); } }); } });
    let second: Promise<SetUpResult> | undefined;
    expect((await first).gpu).toBe(false);
    expect((await second)?.gpu).toBeUndefined();
    expect(heard).toEqual(['Waiting for the TensorFlow set-up of another window to end']);
    expect(index.asked).toHaveLength(2);
  });
});

describe('looking at the component', () => {
  const broken = async (change: (folder: string) => void): Promise<string> => {
    const { state } = await setUp();
    change(state.folder);
    const seen = await inspectTensorflow(components);
    expect(await setUp()).toMatchObject({ state: { kind: 'installed' } }); // which repairs it
    return seen.kind === 'broken' ? seen.why : seen.kind;
  };
  const manifest = (folder: string, change: object): void => {
    const file = path.join(folder, 'component.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')) as object, ...change }));
  };
  it('says what is wrong with it', async () => {
    expect(await inspectTensorflow(components)).toEqual({ kind: 'absent' });
    expect(await broken((folder) => { rmSync(path.join(folder, 'component.json')); })).toMatch(/is incomplete\. Set it up again\.$/);
    expect(await broken((folder) => { manifest(folder, { variant: 'tpu' }); })).toMatch(/is incomplete/);
    expect(await broken((folder) => { manifest(folder, { platform: 'sunos' }); })).toMatch(new RegExp(`is for sunos ${process.arch}, and this machine is ${process.platform} ${process.arch}\\. Set it up again\\.$`));
    expect(await broken((folder) => { manifest(folder, { binding: '3.0.0' }); })).toMatch(/was made for version 3\.0\.0 of the engine, which is now 4\.22\.0/);
    expect(await broken((folder) => { truncateSync(path.join(folder, 'deps', 'lib', tiny.library.libraries[0] ?? ''), 100); })).toMatch(/is damaged: deps\/lib\/libtensorflow_cc\S+ is missing or has another size/);
    expect(await broken((folder) => { rmSync(path.join(folder, 'lib'), { recursive: true }); })).toMatch(/is damaged: lib\/napi-v8\/tfjs_binding\.node is missing/);
  });
});

describe('removing', () => {
  it('leaves nothing of it, nor of an unfinished set-up, and keeps what others put there', async () => {
    await setUp();
    mkdirSync(path.join(components, 'downloads'));
    writeFileSync(path.join(components, 'other'), '');
    await removeTensorflow(components);
    expect(inPlace()).toEqual(['other']);
    rmSync(path.join(components, 'other'));
    await removeTensorflow(components);
    expect(readdirSync(path.dirname(components))).toEqual([]);
  });
  it('does not disturb a process that has it loaded', async () => {
    const { state } = await setUp();
    const native: { exports: { version?: string } } = { exports: {} };
    process.dlopen(native, state.binding);
    await removeTensorflow(components);
    expect([native.exports.version, await inspectTensorflow(components)]).toEqual(['0.0.1', { kind: 'absent' }]);
    expect(await setUp()).toMatchObject({ state: { kind: 'installed' } });
  });
});

import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SetUpError } from './setUpError';
import { BINDING_FILE } from './tensorflowState';
import { runProgram } from './runProgram';

/** The C++ compiler of this machine: CXX, c++, g++ or clang++. */
export async function findCompiler(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): Promise<string | undefined> {
  // Without the command line tools, c++ of macOS opens a window that offers them.
  if (platform === 'darwin' && (await runProgram('xcode-select', ['-p'], { env }))?.code !== 0) return undefined;
  for (const name of [env['CXX'], 'c++', 'g++', 'clang++']) {
    if (name && (await runProgram(name, ['--version'], { env }))?.code === 0) return name;
  }
  return undefined;
}

/** What to install where there is no compiler. */
export function compilerNeeded(platform: NodeJS.Platform = process.platform): string {
  return platform === 'darwin'
    ? 'A C++ compiler is needed once, and none was found. Install it with "xcode-select --install", and set up again.'
    : 'A C++ compiler is needed once, and none was found. Install one (Debian and Ubuntu: "sudo apt install g++"; Fedora: "sudo dnf install gcc-c++"; Alpine is not supported), and set up again.';
}

/** Sources that the extension ships. */
export interface BindingSources {
  /** Holds the .cc and .h files of @tensorflow/tfjs-node-gpu. */
  readonly binding: string;
  /** Holds node_api.h. */
  readonly nodeApi: string;
}

/**
 * Compiles the binding of @tensorflow/tfjs-node against the library in `folder/deps/lib`, with the headers of `headers`, into `folder`. About ten seconds.
 * @throws SetUpError with the compiler's first error
 */
export async function compileBinding(folder: string, sources: BindingSources, headers: string, libraries: readonly string[], options: { env?: NodeJS.ProcessEnv | undefined; signal?: AbortSignal | undefined; log?: (text: string) => void } = {}): Promise<void> {
  const compiler = await findCompiler(options.env);
  if (compiler === undefined) throw new SetUpError(compilerNeeded());
  const files = (await readdir(sources.binding)).filter((name) => name.endsWith('.cc')).map((name) => path.join(sources.binding, name));
  const output = path.join(folder, BINDING_FILE);
  const library = path.join(folder, 'deps', 'lib');
  for (const name of libraries) await access(path.join(library, name)).catch(() => { throw new SetUpError(`What was downloaded does not hold ${name}. Set up again.`); });
  const system = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup', '-Wl,-rpath,@loader_path/../../deps/lib'] : ['-s', '-Wl,-rpath,$ORIGIN/../../deps/lib'];
  const args = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', `-I${sources.nodeApi}`, `-I${headers}`, `-I${sources.binding}`, ...files,
    ...libraries.map((name) => path.join(library, name)), ...system, '-o', output];
  const result = await runProgram(compiler, args, options);
  options.log?.(`${compiler} ${args.join(' ')}\n${result?.text ?? ''}`);
  if (result?.code === 0) return;
  const line = result?.text.split('\n').find((text) => /error|undefined reference|cannot find/i.test(text)) ?? result?.text.trim().split('\n').at(-1) ?? '';
  throw new SetUpError(`The binding of TensorFlow cannot be compiled by ${compiler}: ${line.trim()}`);
}

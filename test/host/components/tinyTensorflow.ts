import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { PinnedFile, TensorflowSource } from '../../../src/components/tensorflowSource';
import { sha256 } from './index';
import { zip } from './zip';

const HEADER = 'extern "C" const char *TF_Version(void);\n';
const BINDING = `#include <node_api.h>
#include "tensorflow/c/c_api.h"
static napi_value Init(napi_env env, napi_value exports) {
  napi_value version;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "version", version);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
`;
// Loads the binding as the real one does; SMOKE makes it say or do something else.
const SMOKE = `const native = { exports: {} };
process.dlopen(native, process.argv[2]);
if (process.env.SMOKE === 'SIGILL') process.kill(process.pid, 'SIGILL');
else if (process.env.SMOKE) console.error(process.env.SMOKE);
if (process.env.SMOKE !== 'silent') console.log('\\n' + JSON.stringify(process.env.SMOKE_ERROR ? { ok: false, error: process.env.SMOKE_ERROR } : { ok: true, tensorflow: native.exports.version, gpu: false }));
`;

/** A library of one function with the names and places of TensorFlow's, compiled here, and a `dist` whose binding calls it: all else of a set-up is real. */
export interface TinyTensorflow {
  readonly dist: string;
  readonly wheel: Buffer;
  readonly library: TensorflowSource;
  /** The same files as the npm package's archive has them. */
  readonly archive: Buffer;
}
export function pin(project: string, name: string, bytes: Uint8Array, unpackedBytes = bytes.length): PinnedFile {
  return { project, name, bytes: bytes.length, unpackedBytes, sha256: sha256(bytes) };
}

export function makeTinyTensorflow(folder: string): TinyTensorflow {
  const dist = path.join(folder, 'dist');
  for (const name of ['tensorflow/binding', 'package/lib', 'package/include/tensorflow/c']) mkdirSync(path.join(name.startsWith('package') ? folder : dist, name), { recursive: true });
  cpSync(path.join(path.dirname(createRequire(path.resolve('package.json')).resolve('node-api-headers')), 'include'), path.join(dist, 'tensorflow', 'node-api'), { recursive: true });
  writeFileSync(path.join(dist, 'tensorflow', 'binding', 'tiny.cc'), BINDING);
  writeFileSync(path.join(dist, 'tensorflowSmoke.js'), SMOKE);
  writeFileSync(path.join(folder, 'tiny.cc'), `${HEADER}const char *TF_Version(void) { return "0.0.1"; }\n`);
  const names = process.platform === 'darwin' ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'] : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  for (const name of names) {
    const soname = process.platform === 'darwin' ? `-Wl,-install_name,@rpath/${name}` : `-Wl,-soname,${name}`;
    execFileSync('c++', ['-shared', '-fPIC', soname, path.join(folder, 'tiny.cc'), '-o', path.join(folder, 'package', 'lib', name)]);
  }
  writeFileSync(path.join(folder, 'package', 'include', 'tensorflow', 'c', 'c_api.h'), HEADER);
  const contents = Object.fromEntries(names.map((name) => [`tensorflow/${name}`, readFileSync(path.join(folder, 'package', 'lib', name))]));
  const wheel = zip({ 'tensorflow/__init__.py': 'print()', 'tensorflow/python/other.so': 'not wanted', ...contents, 'tensorflow/include/tensorflow/c/c_api.h': HEADER, 'tensorflow/THIRD_PARTY_NOTICES.txt': 'notices' });
  execFileSync('tar', ['-czf', path.join(folder, 'tiny.tar.gz'), '-C', path.join(folder, 'package'), 'lib', 'include']);
  return {
    dist, wheel, archive: readFileSync(path.join(folder, 'tiny.tar.gz')),
    library: { tensorflow: '0.0.1', libraries: names, needs: [], files: [pin('tiny', 'tiny-0.0.1-py3-none-any.whl', wheel)] },
  };
}

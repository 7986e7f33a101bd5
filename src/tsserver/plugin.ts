import path from 'node:path';
import type ts from 'typescript/lib/tsserverlibrary';

/** Where the build puts the types: the library's own, and TensorFlow.js's beside them. */
const types = path.join(__dirname, 'types');

/** The declaration file of a module that model files may import without an install. */
export function declarationOf(name: string, folder = types): string | undefined {
  if (name === 'vae-lab') return path.join(folder, 'vae', 'index.d.ts');
  const tensorflow = /^@tensorflow\/(tfjs(?:-core|-layers|-converter|-data)?)(\/dist\/.+)?$/.exec(name);
  if (!tensorflow?.[1]) return undefined;
  return path.join(folder, 'tensorflow', tensorflow[1], `${(tensorflow[2] ?? '/dist/index').replace(/\.js$/, '')}.d.ts`);
}

function create(modules: { typescript: typeof ts }, info: ts.server.PluginCreateInfo): ts.LanguageService {
  const host = info.languageServiceHost;
  const resolve = host.resolveModuleNameLiterals?.bind(host);
  if (resolve) {
    host.resolveModuleNameLiterals = (literals, ...rest) => resolve(literals, ...rest).map((found, index) => {
      const literal = literals[index];
      if (found.resolvedModule || !literal) return found; // an install of the person's own comes first
      const file = declarationOf(literal.text);
      if (file === undefined || !modules.typescript.sys.fileExists(file)) return found;
      return { ...found, resolvedModule: { resolvedFileName: file, extension: modules.typescript.Extension.Dts, isExternalLibraryImport: true } };
    });
  }
  return info.languageService;
}

/** Resolves 'vae-lab' and TensorFlow.js to the types that come with the extension. */
export default (modules: { typescript: typeof ts }): ts.server.PluginModule => ({ create: (info) => create(modules, info) });

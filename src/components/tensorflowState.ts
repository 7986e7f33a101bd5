import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { componentsFolder, tensorflowFolder } from './componentsFolder';
import { codeOf } from './setUpError';

export const variants = ['cpu', 'gpu'] as const;
export type Variant = (typeof variants)[number];
export const sources = ['pypi', 'npm'] as const;
export type Source = (typeof sources)[number];

/** Of `@tensorflow/tfjs-node` and `-gpu`, whose C++ files the binding is compiled from, and of what scripts/bindingSources.mjs mends in them. */
export const BINDING_VERSION = '4.22.0-3';
export const BINDING_FILE = path.join('lib', 'napi-v8', 'tfjs_binding.node');
export const MANIFEST_FILE = 'component.json';

/** What stands in `component.json`, written last: a folder without it is half a component. */
export const manifestSchema = z.object({
  version: z.literal(1), variant: z.enum(variants), source: z.enum(sources), tensorflow: z.string(), binding: z.string(), platform: z.string(), arch: z.string(),
  files: z.array(z.object({ path: z.string(), bytes: z.number().int().nonnegative() })).min(1),
});
export type ComponentManifest = z.infer<typeof manifestSchema>;

export type ComponentState =
  | { readonly kind: 'absent' }
  | {
    readonly kind: 'installed'; readonly variant: Variant; readonly source: Source;
    /** Version of TensorFlow's library, such as "2.21.0". */
    readonly tensorflow: string;
    /** Has the layout of the npm package: `lib/napi-v8/tfjs_binding.node`, `deps/lib`. */
    readonly folder: string;
    /** Absolute path of `tfjs_binding.node`, to be loaded with `require`. */
    readonly binding: string;
    readonly bytes: number;
  }
  | { readonly kind: 'broken'; readonly folder: string; readonly why: string };

async function readManifest(folder: string): Promise<ComponentManifest | undefined> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path.join(folder, MANIFEST_FILE), 'utf8')));
  } catch { return undefined; }
}

/** The first file that is not there whole. */
async function damaged(folder: string, files: ComponentManifest['files']): Promise<string | undefined> {
  const whole = await Promise.all(files.map(async (file) => (await stat(path.join(folder, file.path)).catch(() => undefined))?.size === file.bytes));
  return files[whole.indexOf(false)]?.path;
}

/** Looks at the component without loading it: its manifest, what machine it is for, and that every file is there whole. */
export async function inspectTensorflow(components = componentsFolder()): Promise<ComponentState> {
  const folder = tensorflowFolder(components);
  const broken = (why: string): ComponentState => ({ kind: 'broken', folder, why });
  try {
    await stat(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'absent' };
    return broken(`The TensorFlow component in ${folder} cannot be read (${codeOf(error)}). Correct the folder's permissions.`);
  }
  const manifest = await readManifest(folder);
  if (!manifest) return broken(`The TensorFlow component in ${folder} is incomplete. Set it up again.`);
  const [here, there] = [`${process.platform} ${process.arch}`, `${manifest.platform} ${manifest.arch}`];
  if (here !== there) return broken(`The TensorFlow component in ${folder} is for ${there}, and this machine is ${here}. Set it up again.`);
  if (manifest.binding !== BINDING_VERSION) return broken(`The TensorFlow component in ${folder} was made for version ${manifest.binding} of the engine, which is now ${BINDING_VERSION}. Set it up again.`);
  const lost = await damaged(folder, manifest.files);
  if (lost !== undefined) return broken(`The TensorFlow component in ${folder} is damaged: ${lost} is missing or has another size. Set it up again.`);
  const { variant, source, tensorflow } = manifest;
  return { kind: 'installed', variant, source, tensorflow, folder, binding: path.join(folder, BINDING_FILE), bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0) };
}

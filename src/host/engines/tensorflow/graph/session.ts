import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { scratchFolder } from '../../../../runs/scratch';
import type { TfEdge, TfGraph } from './builder';
import { TAG } from './savedModel';

/** A tensor in TensorFlow's memory, to be given to a run; free it with `release`. */
export type Handle = number;
export interface Given { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array | Uint8Array }

/** A TensorFlow graph loaded and ready to run, with variables of its own. Runs are synchronous. */
export class TfSession {
  /** SHA-256 of the SavedModel. */
  readonly model: string;
  readonly #id: number;

  constructor(readonly binding: TFJSBinding, graph: TfGraph) {
    const model = graph.encode();
    this.model = createHash('sha256').update(model).digest('hex');
    const folder = scratchFolder();
    try {
      writeFileSync(path.join(folder, 'saved_model.pb'), model);
      this.#id = binding.loadSavedModel(folder, TAG);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  hold({ shape, data }: Given): Handle {
    const type = data instanceof Float32Array ? this.binding.TF_FLOAT : data instanceof Int32Array ? this.binding.TF_INT32 : this.binding.TF_BOOL;
    return this.binding.createTensor([...shape], type, data);
  }
  values(handle: Handle): Float32Array | Int32Array | Uint8Array { return this.binding.tensorDataSync(handle); }
  release(handles: Iterable<Handle>): void { for (const handle of handles) this.binding.deleteTensor(handle); }

  /** Runs what the wanted tensors need. The handles given stay the caller's; those returned become so. Throws TensorFlow's own errors. */
  run(given: readonly (readonly [TfEdge, Handle])[], wanted: readonly TfEdge[]): Handle[] {
    return this.binding.runSavedModel(this.#id, given.map(([, handle]) => handle), given.map(([edge]) => portOf(edge)).join(), wanted.map(portOf).join()).map(({ id }) => id);
  }

  dispose(): void { this.binding.deleteSavedModel(this.#id); }
}

const portOf = ({ name }: TfEdge): string => (name.includes(':') ? name : `${name}:0`);

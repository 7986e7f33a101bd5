import { finished } from '../compiled/lower/index';
import { Ops } from '../compiled/lower/ops';
import type { NamedTensor } from '../engine';
import { sizeOf } from '../sizeOf';
import { DeviceGraph, valuesOf, type DeviceTensor, type Ort } from './device';
import type { Weight } from './trainingGraph';

const OUT = 'out:';

/** Weights and slots by the checkpoint's names. Each stays on the device once a step has made it there; what was written is taken up with the next step. */
export class DeviceState {
  readonly #tensors = new Map<string, DeviceTensor>();
  #download: DeviceGraph | undefined;

  constructor(private readonly ort: Ort, readonly shapes: readonly Weight[]) {
    this.write(shapes.map(({ name, shape }) => ({ name, shape, data: new Float32Array(sizeOf(shape)) })));
  }

  get tensors(): ReadonlyMap<string, DeviceTensor> { return this.#tensors; }

  write(state: readonly NamedTensor[]): void { this.take(new Map(state.map(({ name, shape, data }) => [name, new this.ort.Tensor('float32', Float32Array.from(data), [...shape])]))); }

  /** These in place of the ones that there were. */
  take(next: ReadonlyMap<string, DeviceTensor>): void {
    for (const [name, tensor] of next) {
      const old = this.#tensors.get(name);
      this.#tensors.set(name, tensor);
      release(old);
    }
  }

  /** Comes back through a graph's output: onnxruntime ends the process where a tensor on the device is read. */
  async read(): Promise<NamedTensor[]> {
    const away = this.shapes.filter(({ name }) => this.#tensors.get(name)?.location === 'gpu-buffer');
    const made = away.length === 0 ? {} : await (await this.#downloading()).run(Object.fromEntries(this.#tensors));
    return this.shapes.map(({ name, shape }) => ({ name, shape, data: Float32Array.from(valuesOf(made[`${OUT}${name}`] ?? this.#tensors.get(name))) }));
  }
  async #downloading(): Promise<DeviceGraph> {
    if (this.#download) return this.#download;
    const g = new Ops(true);
    return this.#download = await DeviceGraph.create(this.ort, finished(g, this.shapes.map(({ name, shape }) => ({ name: `${OUT}${name}`, edge: g.input(name, 'float32', shape) }))));
  }

  dispose(): void {
    for (const tensor of this.#tensors.values()) release(tensor);
    this.#tensors.clear();
    this.#download?.dispose();
  }
}

export function release(tensor: DeviceTensor | undefined): void {
  if (tensor?.location === 'gpu-buffer') tensor.dispose();
}

import type { FillNoise } from '../compiled/executable';
import { finished, lowerInto } from '../compiled/lower/index';
import { Ops } from '../compiled/lower/ops';
import type { NoiseInput, Traced } from '../compiled/trace/index';
import { sizeOf } from '../sizeOf';
import { DeviceGraph, valuesOf, type DeviceTensor, type Ort } from './device';

/** A graph that only looks: it is given the weights on the device, and its outputs come back. */
export class ViewGraph {
  private constructor(private readonly graph: DeviceGraph, readonly noise: readonly NoiseInput[], private readonly shapes: ReadonlyMap<string, readonly number[]>) {}

  /** `wanted` says which of its outputs are computed. @throws NotCompilableError */
  static async create(ort: Ort, { graph, noise }: Traced, wanted: (output: string) => boolean = () => true): Promise<ViewGraph> {
    const g = new Ops(true);
    const model = finished(g, lowerInto(g, { ...graph, outputs: graph.outputs.filter(({ name }) => wanted(name)) }));
    const needed = new Set(model.inputs);
    return new ViewGraph(await DeviceGraph.create(ort, model), noise.filter(({ name }) => needed.has(name)), new Map(graph.inputs.map(({ name, value }) => [name, value.shape])));
  }

  needs(input: string): boolean { return this.graph.inputs.includes(input); }

  async run(state: ReadonlyMap<string, DeviceTensor>, given: Readonly<Record<string, Float32Array>>, fill: FillNoise): Promise<Map<string, Float32Array>> {
    const feeds = Object.fromEntries(this.graph.inputs.map((name) => {
      const [held, shape, noise] = [state.get(name), this.shapes.get(name) ?? [], this.noise.find((input) => input.name === name)];
      if (held) return [name, held];
      const values = noise ? new Float32Array(sizeOf(noise.shape)) : given[name] ?? new Float32Array(0);
      if (noise) fill(noise, values);
      return [name, this.graph.tensor(values, shape)];
    }));
    return new Map(Object.entries(await this.graph.run(feeds)).map(([name, tensor]) => [name, valuesOf(tensor)]));
  }

  dispose(): void { this.graph.dispose(); }
}

import type { Manifest, Mark } from '../../protocol/run';

export interface RunValues { readonly manifest: Manifest; readonly marks: readonly Mark[] }
export interface ChangedValue { readonly name: string; readonly value: string }

const text = (value: number): string => String(Number(value.toPrecision(4)));
const valuesOf = ({ hyperparameters, epochs, batchSize, latentDim, seed }: Manifest): Record<string, number> => ({ ...hyperparameters, epochs, batchSize, latentDim, seed });

/** Of each run of one model, what is not the same in all of them, and what was changed while it trained: "beta 1 → 4". */
export function changedValues(runs: readonly RunValues[]): ChangedValue[][] {
  const values = runs.map(({ manifest }) => (manifest.stepsPerEpoch > 0 ? valuesOf(manifest) : {})); // of one whose model was never read nothing is known
  const known = values.filter((_, i) => (runs[i]?.manifest.stepsPerEpoch ?? 0) > 0);
  const names = [...new Set(known.flatMap((one) => Object.keys(one)))];
  const differing = new Set(names.filter((name) => known.some((one) => one[name] !== known[0]?.[name])));
  return runs.map(({ marks }, i) => names.flatMap((name) => {
    const ofName = marks.filter((mark) => mark.name === name);
    const [first, last] = [ofName[0], ofName.at(-1)];
    if (first && last) return [{ name, value: `${text(first.from)} \u2192 ${text(last.to)}` }];
    const value = values[i]?.[name];
    return differing.has(name) && value !== undefined ? [{ name, value: text(value) }] : [];
  }));
}

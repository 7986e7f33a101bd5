import { valueOf } from '../kit';

export interface Option<V extends string> { readonly value: V; readonly name: string }
interface ChoiceProps<V extends string> { readonly label: string; readonly value: V; readonly options: readonly Option<V>[]; onChoose(value: V): void }

/** A drop-down with its label. */
export function Choice<V extends string>({ label, value, options, onChoose }: ChoiceProps<V>) {
  const choose = (event: Event): void => {
    const chosen = options.find((option) => option.value === valueOf(event));
    if (chosen && chosen.value !== value) onChoose(chosen.value);
  };
  return (
    <label>{label} <vscode-dropdown key={options.map((option) => option.value).join()} aria-label={label} current-value={value} onChange={choose}>
      {options.map((option) => <vscode-option key={option.value} value={option.value} selected={option.value === value}>{option.name}</vscode-option>)}
    </vscode-dropdown></label>
  );
}

/** The latent dimensions to choose from. */
export const dimensionOptions = (latentDim: number): Option<string>[] => Array.from({ length: latentDim }, (_, i) => ({ value: String(i), name: `z${i}` }));

/** Runs are told apart by colour and by how their lines are broken. */
const names = ['blue', 'yellow', 'green', 'purple', 'red', 'foreground'] as const;
const otherwise = ['#3794ff', '#cca700', '#89d185', '#b180d7', '#f14c4c', '#888888'] as const;
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [4, 4], [10, 4]];

export function runColour(index: number): string {
  const name = names[index % names.length] ?? 'blue';
  return getComputedStyle(document.body).getPropertyValue(`--vscode-charts-${name}`).trim() || (otherwise[index % otherwise.length] ?? '#3794ff');
}
export const runDash = (index: number): readonly number[] => dashes[index % dashes.length] ?? [];

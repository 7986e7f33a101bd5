import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = 'docs/reliability.md';
const head = `# Reliability

What was done to runs, windows and readers to make them lose something, and what was lost. Each row is written by the command in it, with \`--write\`.

| what | how often | lost | command |
|---|---|---|---|
`;

/** Puts a row into the page's table, in place of the one of the same name. */
export function writeRow(what: string, how: string, lost: string, command: string): void {
  const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : head;
  const row = `| ${[what, how, lost, `\`${command}\``].map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`| ${what} |`));
  if (at >= 0) lines[at] = row;
  else lines.splice(lines.lastIndexOf(lines.filter((line) => line.startsWith('|')).at(-1) ?? '') + 1, 0, row);
  writeFileSync(FILE, lines.join('\n'));
}

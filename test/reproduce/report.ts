import type { Protocol, Reference } from './protocol';
import { protocols } from './protocols';
import { holds, isInOrder, meanOf, oursOf, type Line, type Results } from './results';

const digits = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
const errorOf = ({ standardError }: Line): string => (standardError === undefined ? '' : ` \u00b1 ${standardError.toFixed(2)}`);

function bandOf({ within, between }: Reference): string {
  if (between) return `${between[0]} to ${between[1]}`;
  return within === undefined ? '-' : within === 0 ? 'the same' : `\u00b1 ${within}`;
}
function rowOf(reference: Reference, lines: readonly Line[]): string {
  const found = oursOf(lines, reference);
  const ours = found.map((line) => line.ours);
  const kept = holds(reference, ours);
  const spread = ours.length > 1 ? `${digits(meanOf(ours))} (${digits(Math.min(...ours))} to ${digits(Math.max(...ours))})` : ours.map(digits).join('') || 'not run';
  return `| ${reference.metric} | ${reference.epoch} | ${found.map((line) => `${digits(line.ours)}${errorOf(line)}`).join(', ') || 'not run'} | ${spread} | ${reference.reference ?? '-'} | ${bandOf(reference)} | ${kept === undefined ? '-' : kept ? 'yes' : '**no**'} |`;
}

function sectionOf(name: string, protocol: Protocol, results: Results): string {
  const result = results[name];
  const head = `## ${name}\n\n${protocol.what}\n\n\`npm run reproduce -- ${name}\`: ${protocol.epochs} epochs, ${protocol.seeds === 1 ? 'one seed' : `seeds 1 to ${protocol.seeds}`}.`;
  if (!result) return `${head}\n\nNot run.\n`;
  const inOrder = isInOrder(protocol, result.lines);
  const order = protocol.order ? `\nThe order ${protocol.order.join(' > ')}: ${inOrder === undefined ? 'not run' : inOrder ? 'holds' : '**does not hold**'} of the means.\n` : '';
  return `${head} Run on ${result.date} on ${result.device}.\n\n| metric | after epoch | ours, by seed | mean (spread) | reference | may differ by, or lie in | holds |\n|---|---|---|---|---|---|---|\n${protocol.references.map((reference) => rowOf(reference, result.lines)).join('\n')}\n${order}`;
}

/** `docs/reproduction.md`. */
export const reportOf = (results: Results): string => `# Reproduction

Written by \`npm run reproduce\` from \`docs/reproduction.json\`; not to be changed by hand. Each protocol is trained from nothing, and its numbers stand beside the published ones or PyTorch's. Nats per example; \u00b1 is the standard error over test images of one
run, the spread that of the seeds.

${Object.entries(protocols).map(([name, protocol]) => sectionOf(name, protocol, results)).join('\n')}`;

// Writes the table of kernels in docs/engines.md anew: npm run docs:kernels
import { readFileSync, writeFileSync } from 'node:fs';
import { withKernelTable } from './kernelTable';

const page = 'docs/engines.md';
writeFileSync(page, withKernelTable(readFileSync(page, 'utf8')));

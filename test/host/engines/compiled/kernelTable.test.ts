import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { kernelTable, withKernelTable } from '../../../docs/kernelTable';

it('docs/engines.md says what the code does with each kernel (npm run docs:kernels)', () => {
  const page = readFileSync('docs/engines.md', 'utf8');
  expect(page).toBe(withKernelTable(page));
  expect(kernelTable().split('\n').slice(2).map((row) => Number(row.split('|')[2])).reduce((a, b) => a + b)).toBeGreaterThan(170);
  expect(() => withKernelTable('another page')).toThrow('has no');
});

// Writes docs/reproduction.md from what is recorded.
import { writeFileSync } from 'node:fs';
import { reportOf } from './report';
import { readResults } from './results';

writeFileSync('docs/reproduction.md', reportOf(readResults()));

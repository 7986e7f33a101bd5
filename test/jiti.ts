import { createRequire } from 'node:module';
import path from 'node:path';

/** The program that runs a TypeScript file as it stands, for tests that need a process of its own. */
export const jiti = path.join(path.dirname(createRequire(path.resolve('package.json')).resolve('jiti/package.json')), 'lib', 'jiti-cli.mjs');

// A vitest reporter that writes the errors that belong to no test, which vitest's JSON lacks, to the file VAE_LAB_UNOWNED: an array of strings.
import { writeFileSync } from 'node:fs';

export default class {
  onFinished(_files, errors = []) {
    writeFileSync(process.env.VAE_LAB_UNOWNED, JSON.stringify(errors.map((error) => `outside tests: ${error.stack ?? error.message ?? error}`)));
  }
}

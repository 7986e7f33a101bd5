import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileNameOf } from '../../../src/extension/panels/fileName';

describe('a name as that of a file', () => {
  it.each([['smile', 'smile'], ['mean of 3 and 5', 'mean of 3 and 5'], ['\u5fae\u7b11', '\u5fae\u7b11'], ['v1.2', 'v1.2'], ['../../.bashrc', '-..-.bashrc'], ['/etc/passwd', '-etc-passwd'], ['C:\\x', 'C-x'], ['a\u0000b\nc', 'a-b-c'], ['..', 'vae-lab'], ['', 'vae-lab'], ['x. ', 'x']])('%j is %j', (name, wanted) => {
    expect(fileNameOf(name)).toBe(wanted);
    for (const system of [path.posix, path.win32]) expect(system.dirname(system.join('/a', `${fileNameOf(name)}.png`)).replaceAll('\\', '/')).toBe('/a');
  });
});

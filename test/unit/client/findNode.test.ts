import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findNode, NodeNotFoundError, NodeTooOldError } from '../../../src/client/findNode';
import { temporaryFolder } from '../../temporaryFolder';

const fake = (version: string): string => {
  const file = path.join(temporaryFolder(), 'node');
  writeFileSync(file, `#!/bin/sh\necho "VAE-LAB ${version} ${file}"\n`);
  chmodSync(file, 0o755);
  return file;
};
afterEach(() => { vi.unstubAllEnvs(); });

describe.skipIf(process.platform === 'win32')('findNode', () => {
  it('takes the one on PATH', async () => {
    expect(await findNode()).toEqual({ path: process.execPath, version: process.version });
  });
  it('takes the configured one, and no other', async () => {
    const file = fake('v22.1.0');
    expect(await findNode({ configured: file })).toEqual({ path: file, version: 'v22.1.0' });
    await expect(findNode({ configured: '/nowhere/node' })).rejects.toThrow(NodeNotFoundError);
    await expect(findNode({ configured: fake('v18.19.1') })).rejects.toThrow(NodeTooOldError);
  });
  it('falls back to the runtime given, and says when there is none or an old one', async () => {
    vi.stubEnv('PATH', path.dirname(fake('v16.0.0')) + path.delimiter + '/bin');
    vi.stubEnv('SHELL', '');
    await expect(findNode()).rejects.toThrow(/v16\.0\.0.*too old/);
    expect((await findNode({ fallback: process.execPath })).version).toBe(process.version);
    vi.stubEnv('PATH', '');
    await expect(findNode()).rejects.toThrow(NodeNotFoundError);
  });
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  test: {
    testTimeout: 120_000, hookTimeout: 120_000, pool: 'forks', poolOptions: { forks: { maxForks: 2 } }, passWithNoTests: false, env: { ORT_DISABLE_TELEMETRY: '1' },
    expect: { poll: { timeout: 60_000 } }, // a busy machine may stand still for seconds
  },
});

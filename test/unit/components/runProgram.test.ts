import { expect, it } from 'vitest';
import { runProgram } from '../../../src/components/runProgram';

it('a program is run to its end, killed where it takes too long, and not missed where there is none', async () => {
  expect(await runProgram('sh', ['-c', 'echo out; echo err >&2; exit 3'], { timeoutMs: 10_000 })).toMatchObject({ code: 3, signal: null, text: expect.stringContaining('out') as string });
  expect(await runProgram('sh', ['-c', 'trap "" TERM; echo begun; while :; do sleep 0.05; done'], { timeoutMs: 500 })).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(await runProgram('there-is-no-such-program', [])).toBeUndefined();
});

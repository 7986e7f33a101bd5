import { afterAll, afterEach, expect } from 'vitest';
import { closeAll, type Panel } from './harness';

/** For one test file: what is held is closed after its test, in which nothing may have gone wrong; of several the newest. */
export function holder(): <P extends Pick<Panel, 'close' | 'faults'>>(opened: P) => P {
  let held: Pick<Panel, 'close' | 'faults'> | undefined;
  afterEach(async () => {
    const closing = held;
    held = undefined;
    await closing?.close();
    expect(closing?.faults ?? []).toEqual([]);
  });
  afterAll(closeAll);
  return (opened) => {
    held = opened;
    return opened;
  };
}

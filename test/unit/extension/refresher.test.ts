import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refresher } from '../../../src/extension/modelFiles/refresher';

beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }); });
afterEach(() => { vi.useRealTimers(); });

describe('Refresher', () => {
  it('is heard by one who waits for a pause, however often things change', () => {
    let asked = 0;
    let wait: NodeJS.Timeout | undefined;
    const refresher = new Refresher(() => {
      clearTimeout(wait);
      wait = setTimeout(() => { asked++; refresher.asked(); }, 900); // as VS Code does: each word begins the wait again
    }, 500, 5000);
    for (let i = 0; i < 200; i++) {
      refresher.changed();
      vi.advanceTimersByTime(100);
    }
    expect(asked).toBeGreaterThanOrEqual(10); // 20 s
    refresher.dispose();
  });
  it('tells once of a change, again of the next, and again after a while where nobody asked', () => {
    const tell = vi.fn();
    const refresher = new Refresher(tell, 500, 5000);
    refresher.changed();
    refresher.changed();
    vi.advanceTimersByTime(2000);
    expect(tell).toHaveBeenCalledTimes(1);
    refresher.asked();
    refresher.changed();
    vi.advanceTimersByTime(500);
    expect(tell).toHaveBeenCalledTimes(2);
    refresher.changed();
    vi.advanceTimersByTime(4000);
    expect(tell).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(2000);
    expect(tell).toHaveBeenCalledTimes(3);
    refresher.dispose();
  });
});

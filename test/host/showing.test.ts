import { describe, expect, it } from 'vitest';
import { Showing } from '../../src/host/showing';
import type { Views } from '../../src/host/views';

/** What is shown of a run, on a clock that only waiting moves. */
function shown() {
  let now = 10_000;
  const waits: number[] = [];
  const told: string[] = [];
  const whileWaiting: (() => void)[] = [];
  const showing = new Showing({ connections: 1, broadcast: (event) => { told.push(event); } }, { writeImages: () => Promise.resolve() }, { now: () => now, wait: (ms) => { waits.push(ms); now += ms; whileWaiting.shift()?.(); return Promise.resolve(); } });
  const views = { images: (step: number) => Promise.resolve({ step }) } as unknown as Views;
  return { showing, waits, told, whileWaiting, pass: (ms: number) => { now += ms; }, pictures: () => showing.pictures(views, 1, undefined, false) };
}
const point = { step: 1, epoch: 1, split: 'train' as const, seconds: 1, loss: 1, parts: {} };

describe('training that stands back for a person who waits', () => {
  it('does so after each step, for as long as was said last, and not without a word', async () => {
    const { showing, waits, whileWaiting, pass } = shown();
    expect([await showing.standBack(), waits]).toEqual([false, []]);
    showing.giveWay(1100);
    expect([await showing.standBack(), await showing.standBack(), await showing.standBack(), waits.splice(0)]).toEqual([true, true, false, [500, 500, 100]]);
    showing.giveWay(300);
    whileWaiting.push(() => { showing.giveWay(150); });
    expect([await showing.standBack(), waits]).toEqual([false, [300, 150]]); // a hand that moved on meanwhile
    showing.giveWay(2000);
    showing.giveWay(10);
    pass(10);
    expect(await showing.standBack()).toBe(false);
  });
  it('has its curves and pictures wait as well, but not for ever', async () => {
    const { showing, told, pass, pictures } = shown();
    showing.curves([point], 10);
    await pictures();
    expect(told.splice(0)).toEqual(['metrics', 'images']);
    for (let second = 1; second < 5; second++) {
      pass(1000);
      showing.giveWay(1500);
      await pictures();
      expect([showing.areCurvesDue, told]).toEqual([false, []]);
    }
    pass(1000);
    await pictures();
    expect([showing.areCurvesDue, told]).toEqual([true, ['images']]);
    showing.giveWay(0);
    pass(1000);
    await pictures();
    expect(told).toEqual(['images', 'images']);
  });
});

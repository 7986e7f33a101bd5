import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refresher, textChange } from '../../../src/extension/modelFiles/refresher';

beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }); });
afterEach(() => { vi.useRealTimers(); });

/** Asks for a text, and shows it, by VS Code's rules for lenses. */
class Editor {
  shown = '';
  asked = 0;
  readonly refresher = new Refresher(() => { this.schedule(); }, () => textChange(this.#answered, this.now()));
  #answered = '';
  #delay = 300;
  #wait: NodeJS.Timeout | undefined;
  #request: NodeJS.Timeout | undefined;
  readonly #took: number[] = [];

  /** `takes`: milliseconds until an answer is there. */
  constructor(private readonly now: () => string, private readonly takes: () => number) {}

  /** A word, a text that changes, or the focus: the wait begins anew. */
  schedule(): void {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => { this.#ask(); }, this.#delay);
  }
  blur(): void { clearTimeout(this.#wait); }

  #ask(): void {
    clearTimeout(this.#request);
    const [takes, text] = [this.takes(), this.now()];
    this.asked++;
    this.refresher.asked(text !== this.#answered);
    this.#answered = text;
    this.#request = setTimeout(() => {
      this.shown = text;
      this.#took.push(takes);
      const last = this.#took.slice(-6);
      this.#delay = Math.min(Math.max(last.reduce((sum, each) => sum + each, 0) / last.length, 250), 62_500);
    }, takes);
  }
}

/** A run that is found at `found`, and counts its steps. */
function run(found: number): { readonly text: () => string; count(until: number, editor: Editor): void } {
  let [clock, step] = [0, 0];
  return {
    text: () => (step === 0 ? 'Train VAE, no runs yet' : `Pause, step ${step}`),
    count(until, editor) {
      for (; clock < until; clock += 100) {
        vi.advanceTimersByTime(100);
        if (clock < found) continue;
        step++;
        editor.refresher.changed();
      }
    },
  };
}

describe('Refresher', () => {
  it.each([20, 900, 3000, 6000])('is shown, and goes on to be, where each answer takes %i ms, while things change all the time', (takes) => {
    const trains = run(500);
    const editor = new Editor(trains.text, () => takes);
    editor.schedule();
    let before = '';
    for (let second = 60; second <= 300; second += 60) {
      trains.count(second * 1000, editor);
      expect(editor.shown).toContain('Pause');
      expect(editor.shown).not.toBe(before);
      before = editor.shown;
    }
    editor.refresher.dispose();
  });
  it('is shown after one answer that took long, by which the next wait is long', () => {
    const trains = run(500);
    const editor: Editor = new Editor(trains.text, (): number => (editor.asked === 0 ? 10_000 : 50));
    editor.schedule();
    trains.count(60_000, editor);
    expect(editor.shown).toContain('Pause');
    editor.refresher.dispose();
  });
  it('is shown though the editor lost the focus while VS Code waited, and nothing changed after that', () => {
    let text = 'Pause';
    const editor = new Editor(() => text, () => 50);
    editor.schedule();
    vi.advanceTimersByTime(20_000);
    text = 'Resume';
    editor.refresher.changed();
    vi.advanceTimersByTime(600);
    editor.blur();
    vi.advanceTimersByTime(5000);
    expect(editor.shown).toBe('Resume');
    editor.refresher.dispose();
  });
  it('tells of words within a second, also while numbers are given time', () => {
    let text = 'Pause, step 1';
    const editor = new Editor(() => text, () => 20);
    editor.schedule();
    for (let i = 0; i < 20; i++) {
      text = `Pause, step ${i}`;
      editor.refresher.changed();
      vi.advanceTimersByTime(1000);
    }
    text = 'Resume, step 20';
    editor.refresher.changed();
    vi.advanceTimersByTime(1000);
    expect(editor.shown).toBe(text);
    editor.refresher.dispose();
  });
  it('tells of what is new twice, and then leaves VS Code alone', () => {
    const editor = new Editor(() => 'Train VAE', () => 20);
    editor.schedule();
    vi.advanceTimersByTime(60_000);
    expect(editor.asked).toBe(2);
    editor.refresher.changed();
    vi.advanceTimersByTime(600_000);
    expect(editor.asked).toBe(2);
    expect(vi.getTimerCount()).toBe(0);
  });
  it('does not go on telling where nobody asks', () => {
    const tell = vi.fn();
    const refresher = new Refresher(tell, () => 'words');
    refresher.changed();
    vi.advanceTimersByTime(3_600_000);
    expect(tell.mock.calls.length).toBeLessThan(8);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('textChange', () => {
  it('tells numbers from words', () => {
    expect(textChange('step 1,234 \u00b7 52.9 nats', 'step 1,234 \u00b7 52.9 nats')).toBe('none');
    expect(textChange('step 999 \u00b7 52.9 nats', 'step 1,000 \u00b7 8.1 nats')).toBe('numbers');
    expect(textChange('Pause', 'Resume')).toBe('words');
  });
});

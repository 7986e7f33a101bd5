import { describe, expect, it } from 'vitest';
import { Column } from '../../../src/protocol/column';

const COUNT = 5000;
const upTo = (of: (i: number) => number): number[] => Array.from({ length: COUNT }, (_, i) => of(i));

describe('a column', () => {
  it('holds each number exactly, whatever its precision', () => {
    const wanted = upTo((i) => (i === 3000 ? 0.1 : i === 4000 ? NaN : i === 4001 ? -0 : i === 4002 ? Infinity : i / 4));
    const column = Column.from(wanted);
    expect([...column]).toEqual(wanted);
    expect(wanted.every((value, i) => Object.is(column.at(i), value))).toBe(true);
    expect([column.length, column.at(-1), column.at(-COUNT), column.at(-COUNT - 1), column.at(COUNT), Column.from([]).at(-1), Column.from([]).at(0)]).toEqual([COUNT, (COUNT - 1) / 4, 0, undefined, undefined, undefined, undefined]);
  });
  it('is packed in single precision where that holds each of its numbers', () => {
    expect(Column.from(upTo((i) => i / 4)).packed()).toEqual(Float32Array.from(upTo((i) => i / 4)));
    expect(Column.from(upTo((i) => i / 3)).packed()).toEqual(Float64Array.from(upTo((i) => i / 3)));
    expect(Column.from([]).packed()).toEqual(new Float32Array());
  });
  it('keeps whole numbers above those that single precision counts', () => { expect(Column.from([2 ** 24, 2 ** 24 + 1]).at(1)).toBe(16_777_217); });
  it.each([1, 1023, 1024, 1025])('of %i numbers has its last one changed, the others are what they were', (count) => {
    const before = upTo((i) => i + 1).slice(0, count);
    const column = Column.from(before);
    column.changeLast(0.3);
    expect([...column]).toEqual([...before.slice(0, -1), 0.3]);
    column.push(5);
    expect([...column]).toEqual([...before.slice(0, -1), 0.3, 5]);
  });
  it('that is empty stays so', () => {
    const column = new Column();
    column.changeLast(1);
    expect([column.length, column.at(0)]).toEqual([0, undefined]);
  });
});

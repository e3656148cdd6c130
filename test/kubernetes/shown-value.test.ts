import { describe, expect, test } from 'vitest';
import { maximumShownCharacters } from '../../kubernetes/limits.ts';
import { cut, quoted, show } from '../../kubernetes/shown-value.ts';

const long = 'x'.repeat(maximumShownCharacters + 1);
const dotted = `${'x'.repeat(maximumShownCharacters)}...`;

describe('a value that an error shows', () => {
  test.each<[unknown, string]>([
    ['a"b', '"a\\"b"'],
    [3, '3'],
    [null, 'null'],
    [undefined, 'null'],
    [['a', 'b'], '[]string{"a", "b"}'],
    [[], '[]string{}'],
    [[1, { a: null }], '[1,{"a":null}]'],
    [{ b: '2', a: '1' }, 'map[string]string{"a":"1", "b":"2"}'],
    [{ a: 1 }, '{"a":1}'],
    [{ goSyntax: 'v1.X{}' }, 'v1.X{}'],
  ])('%j', (value, shown) => {
    expect(show(value)).toBe(shown);
  });

  test.each<[string, unknown]>([
    ['a text', long],
    ['a list of texts', Array.from({ length: 100_000 }, (_, index) => `item-${index}`)],
    ['a long text in a list', [long, long]],
    ['a list of objects', Array.from({ length: 100_000 }, (_, index) => ({ name: `item-${index}` }))],
    ['a map', Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key-${index}`, 'x']))],
    ['an object with a long key', { [long]: 1 }],
    ['what Go would print', { goSyntax: `v1.X{Name:"${long}"}` }],
  ])('is cut when it is large: %s', (_what, value) => {
    const shown = show(value);
    expect(shown.length).toBeLessThan(maximumShownCharacters + 20);
    expect(shown).toContain('...');
  });

  test('is not looked at beyond what is shown, so that each item of a list may show the list', () => {
    const list = Array.from({ length: 100_000 }, () => 'a text of some length');
    expect(list.map(() => show(list)).every((shown) => shown === show(list))).toBe(true);
  });
});

test('a cut text ends in dots, and in a whole character', () => {
  expect(cut(long)).toBe(dotted);
  expect(quoted(long)).toBe(`"${dotted}"`);
  expect(cut('ab😀', 3)).toBe('ab...');
  expect(cut('ab😀', 4)).toBe('ab😀');
});

import { expect, test } from 'vitest';
import { expand, expandWords } from '../../translate/expansion.ts';

const values = new Map([
  ['VAR_A', 'A'],
  ['VAR_B', 'B'],
  ['VAR_EMPTY', ''],
  ['VAR_REF', '$(VAR_A)'],
]);

// What k8s.io/kubernetes/third_party/forked/golang/expansion does with each.
test.each([
  ['', ''],
  ['plain', 'plain'],
  ['$(VAR_A)', 'A'],
  ['___$(VAR_B)___', '___B___'],
  ['$(VAR_A)$(VAR_B)', 'AB'],
  ['$(VAR_EMPTY)', ''],
  ['$(VAR_REF)', '$(VAR_A)'],
  ['$(UNKNOWN)', '$(UNKNOWN)'],
  ['$$(VAR_A)', '$(VAR_A)'],
  ['$$$(VAR_A)', '$A'],
  ['$$$$(VAR_A)', '$$(VAR_A)'],
  ['$$', '$'],
  ['$', '$'],
  ['a$', 'a$'],
  ['$VAR_A', '$VAR_A'],
  ['${VAR_A}', '${VAR_A}'],
  ['$(VAR_A', '$(VAR_A'],
  ['$(VAR_$(VAR_A)', '$(VAR_$(VAR_A)'],
  ['$()', '$()'],
  ['$(VAR_A))', 'A)'],
  ['f000-$$VAR_A', 'f000-$VAR_A'],
  ['\\$(VAR_A)', '\\A'],
  ['$(constructor)', '$(constructor)'],
])('expands %j to %j', (text, expanded) => {
  expect(expand(text, values)).toBe(expanded);
});

test('takes time in proportion to the text', () => {
  expect(expand('$('.repeat(1_000_000), values, Infinity)).toHaveLength(2_000_000);
});

test('ends when it is longer than a task definition can be', () => {
  const long = new Map([['LONG', 'x'.repeat(60_000)]]);
  expect(expand('$(LONG)'.repeat(100_000), long)).toHaveLength(120_000);
  expect(
    expandWords(
      Array.from({ length: 10_000 }, () => '$(LONG)'),
      long,
    ).join('').length,
  ).toBeLessThan(200_000);
});

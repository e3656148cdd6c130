import { describe, expect, test } from 'vitest';
import {
  formatLabelSelector,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
} from '../../kubernetes/selector.ts';

const nameText =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueText =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('matchesLabels', () => {
  const labels = { app: 'web', tier: 'front' };

  test.each([
    [{}, true],
    [{ matchLabels: { app: 'web' } }, true],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: [] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'In', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['web'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'none', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'tier', operator: 'Nonsense' }] }, false],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ])('%j selects: %s', (selector, expected) => {
    expect(matchesLabels(selector, labels)).toBe(expected);
  });

  test('takes no notice of what every object inherits', () => {
    expect(matchesLabels({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false);
    expect(matchesLabels({ matchExpressions: [{ key: 'toString', operator: 'DoesNotExist' }] }, undefined)).toBe(true);
  });
});

test('formatLabelSelector sorts by key, and values within a set', () => {
  const text = formatLabelSelector({
    matchLabels: { tier: 'front', app: 'web' },
    matchExpressions: [
      { key: 'zone', operator: 'NotIn', values: ['b', 'a'] },
      { key: 'env', operator: 'In', values: ['live'] },
      { key: 'new', operator: 'Exists' },
      { key: 'old', operator: 'DoesNotExist' },
    ],
  });
  expect(text).toBe('app=web,env in (live),new,!old,tier=front,zone notin (a,b)');
  expect(formatLabelSelector({})).toBe('');
});

describe('parseLabelSelector', () => {
  const selects = (text: string, labels: Record<string, string>): boolean | string => {
    const parsed = parseLabelSelector(text);
    return parsed.ok ? parsed.value(labels) : parsed.message;
  };

  test.each([
    ['', {}, true],
    ['  ', { a: 'b' }, true],
    ['a=b', { a: 'b' }, true],
    ['a == b', { a: 'b' }, true],
    ['a=b', {}, false],
    ['a!=b', {}, true],
    ['a!=b', { a: 'b' }, false],
    ['a=', { a: '' }, true],
    ['a=,b', { a: '', b: '1' }, true],
    ['a', { a: '' }, true],
    ['!a', { a: '' }, false],
    ['! a', {}, true],
    ['a,!b', { a: '1' }, true],
    ['a in (x, y)', { a: 'y' }, true],
    ['a in (x,y)', { a: 'z' }, false],
    ['a in ()', { a: '' }, true],
    ['a in (,)', { a: '' }, true],
    ['a in (x,)', { a: '' }, true],
    ['a in (,,x)', { a: 'x' }, true],
    ['a notin (x,y)', {}, true],
    ['a notin (x,y)', { a: 'x' }, false],
    ['in in (in,notin)', { in: 'notin' }, true],
    ['notin', { notin: '1' }, true],
    ['a=in', { a: 'in' }, true],
    ['n>5', { n: '6' }, true],
    ['n>5', { n: '5' }, false],
    ['n<5', { n: '-6' }, true],
    ['n<5', { n: 'four' }, false],
    ['n<5', {}, false],
    ['n>9007199254740992', { n: '9007199254740993' }, true],
    ['example.com/app=web,\ttier\nin (front)', { 'example.com/app': 'web', tier: 'front' }, true],
  ] as const)('%j with %j: %s', (text, labels, expected) => {
    expect(selects(text, labels)).toBe(expected);
  });

  test.each([
    ['a===b', "unable to parse requirement: found '=', expected: identifier"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    [',a', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a,,b', "found ',', expected: identifier after ','"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['!!a', "unable to parse requirement: found '!', expected: identifier"],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (=', "unable to parse requirement: found '=', expected: ',', ')' or identifier"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b,=)', "unable to parse requirement: found '=', expected: ',', or identifier"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['-a=b', `unable to parse requirement: <nil>: Invalid value: "-a": ${nameText}`],
    ['a=-b', `unable to parse requirement: values[0][a]: Invalid value: "-b": ${valueText}`],
    [
      'n>x',
      `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
    ],
    [
      'a in (-b,c,d-)',
      `unable to parse requirement: [values[0][a]: Invalid value: "-b": ${valueText}, values[2][a]: Invalid value: "d-": ${valueText}]`,
    ],
  ])('refuses %j', (text, message) => {
    expect(selects(text, {})).toBe(message);
  });

  test('says something about every text, and never throws', () => {
    const alphabet = ['a', 'in', 'notin', ' ', '(', ')', ',', '=', '!', '<', '>', '1', '\\', '😀'];
    for (let seed = 0; seed < 4000; seed += 1) {
      let text = '';
      for (let rest = seed * 2_654_435_761; rest > 0; rest = Math.floor(rest / alphabet.length)) {
        text += alphabet[rest % alphabet.length] ?? '';
      }
      const parsed = parseLabelSelector(text);
      const said = parsed.ok ? `expected ${parsed.value({ a: '1' })}` : parsed.message;
      expect(said).toMatch(/expected|Invalid value/);
    }
  });
});

describe('parseFieldSelector', () => {
  test.each([
    ['', []],
    [',,', []],
    ['metadata.name=web', [{ path: 'metadata.name', operator: '=', value: 'web' }]],
    ['metadata.name==web', [{ path: 'metadata.name', operator: '=', value: 'web' }]],
    [
      'status.phase!=Running,spec.nodeName=',
      [
        { path: 'spec.nodeName', operator: '=', value: '' },
        { path: 'status.phase', operator: '!=', value: 'Running' },
      ],
    ],
    [String.raw`a=b\,c\=d\\`, [{ path: 'a', operator: '=', value: String.raw`b,c=d\ `.trim() }]],
  ])('%j', (text, expected) => {
    expect(parseFieldSelector(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    [String.raw`a=\b`, String.raw`invalid field selector: invalid escape sequence: \b`],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %j', (text, message) => {
    expect(parseFieldSelector(text)).toEqual({ ok: false, message });
  });
});

test.each([
  ['label', parseLabelSelector, 'a'],
  ['field', parseFieldSelector, 'metadata.name=a'],
] as const)('a %s selector has a limit, since each requirement is asked of every object', (_, parse, requirement) => {
  const selector = (count: number): string => Array.from({ length: count }, () => requirement).join(',');
  expect(parse(selector(500)).ok).toBe(true);
  expect(parse(selector(501))).toEqual({ ok: false, message: 'a selector has 501 requirements, the limit is 500' });
});

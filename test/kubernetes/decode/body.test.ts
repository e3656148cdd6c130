import { describe, expect, test } from 'vitest';
import { parseBody, type BodyFormat } from '../../../kubernetes/decode/body.ts';
import { maximumValues } from '../../../kubernetes/limits.ts';
import { refusal } from '../refusal.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string, format: BodyFormat = 'json') => parseBody(bytes(text), format, 'ConfigMap');
const unrecognised =
  "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ";

describe('a JSON body', () => {
  test.each<[string, unknown, string[]]>([
    ['{"a":[1,{"b":null}]}', { a: [1, { b: null }] }, []],
    ['null', null, []],
    ['{"a":1,"a":2}', { a: 2 }, ['a']],
    [
      '{"metadata":{"name":"a","name":"b"},"l":[{"x":1},{"x":1,"x":2}]}',
      { metadata: { name: 'b' }, l: [{ x: 1 }, { x: 2 }] },
      ['metadata.name', 'l[1].x'],
    ],
    ['{"a":{"b":1},"a":{"b":1},"a":{}}', { a: {} }, ['a']],
    ['{"a:b\\":\\"":1,"c":"d:\\\\","e":":"}', { 'a:b":"': 1, c: 'd:\\', e: ':' }, []],
    ['{"a\\u0062":1,"ab":2}', { ab: 2 }, ['ab']],
    ['{"1":1,"0":2}', { 0: 2, 1: 1 }, []],
  ])('%s', (text, value, duplicates) => {
    expect(parse(text)).toEqual({ value, duplicates });
  });

  test.each([
    ['{bad', "invalid character 'b' looking for beginning of object key string ({bad)"],
    ['', 'unexpected end of JSON input (<empty>)'],
    ['{"a":1', 'unexpected end of JSON input ({"a":1)'],
    ['["a"', 'unexpected end of JSON input (5b226122)'],
    ['"abc', 'unexpected end of JSON input (22616263)'],
    ['{"a":1,}', `invalid character '}' looking for beginning of object key string ({"a":1,})`],
    ['{"a" 1}', `invalid character '1' after object key ({"a" 1})`],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair ({"a":1 "b"})`],
    ['[1 2]', "invalid character '2' after array element (5b3120325d)"],
    ['[1,]', "invalid character ']' looking for beginning of value (5b312c5d)"],
    ['{}x', "invalid character 'x' after top-level value ({}x)"],
    ['// c', "invalid character '/' looking for beginning of value (2f2f2063)"],
    ['{"a":"\t"}', `invalid character in string literal ({"a":"\t"})`],
    ['{"a":"\n"}', `invalid character '\\n' in string literal ({"a":"\n"})`],
    ['{"a":"\\x"}', `invalid character in string escape code ({"a":"\\x"})`],
    ["{'a':1}", `invalid character '\\'' looking for beginning of object key string ({'a':1})`],
    [
      `{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":x}`,
      `invalid character 'x' looking for beginning of value ({"aaaaaaaaaaaaaaaaaaaaaaaaaaaa ...)`,
    ],
  ])('is refused: %j', (text, problem) => {
    expect(refusal(() => parse(text))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: unrecognised + problem,
    });
  });

  test('that is no JSON, of a patch, is refused in other words', () => {
    expect(refusal(() => parseBody(bytes('{bad'), 'json')).message).toBe(
      "error decoding patch: invalid character 'b' looking for beginning of object key string",
    );
  });

  test.each<BodyFormat>(['json', 'yaml'])('cuts the paths of duplicates, whose keys may be long (%s)', (format) => {
    const fields = Array.from({ length: 100 }, (_, index) => `"k${index}": 1, "k${index}": 2`);
    const { duplicates } = parse(`{"${'x'.repeat(1_000_000)}": {${fields.join(',')}}}`, format);
    expect(duplicates.join('').length).toBeLessThan(200_000);
  });

  test('reports at most 100 duplicates', () => {
    const fields = Array.from({ length: 300 }, (_, index) => `"k${index}":1,"k${index}":2`);
    expect(parse(`{${fields.join(',')}}`).duplicates).toHaveLength(100);
  });
});

describe('a body meant to do harm', () => {
  const laughs = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
  for (let level = 1; level < 12; level++)
    laughs.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(',')}]`);
  const merges = [`a: &a {${Array.from({ length: 200 }, (_, index) => `k${index}: 1`).join(',')}}`];
  for (let index = 0; index < 200; index++) merges.push(`m${index}: {<<: *a}`);

  test.each<[string, BodyFormat, string]>([
    ['deep lists', 'json', '['.repeat(10_000)],
    ['deep lists that end', 'json', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['deep objects', 'json', '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000)],
    ['deep YAML', 'yaml', '['.repeat(10_000)],
    ['deep YAML in lines', 'yaml', Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['a prototype', 'json', '{"__proto__":{"x":1}}'],
    ['a prototype in disguise', 'json', '{"a":[{"\\u005f_proto__":{"x":1}}]}'],
    ['a prototype in YAML', 'yaml', 'a:\n  __proto__: {x: 1}'],
    ['a merged prototype', 'yaml', 'a: &a {x: 1}\n__proto__:\n  <<: *a'],
    ['billion laughs', 'yaml', laughs.join('\n')],
    ['merges without end', 'yaml', merges.join('\n')],
    ['an anchor in itself', 'yaml', 'a: &a [*a]'],
    ['a NUL in YAML', 'yaml', 'a: "\u0000"'],
    ['an alias of nothing', 'yaml', 'a: *b'],
    ['an unknown tag', 'yaml', 'a: !!js/function x'],
    ['a list for a key', 'yaml', '? [a]\n: b'],
    ['null for a key', 'yaml', '~: b'],
  ])('%s', (_what, format, text) => {
    expect(refusal(() => parse(text, format)).code).toBe(400);
    expect(Object.prototype).not.toHaveProperty('x');
  });

  test.each<[string, BodyFormat, string]>([
    ['one long text many times', 'yaml', `- &a "${'x'.repeat(100_000)}"\n${'- *a\n'.repeat(40)}`],
    ['one long key many times', 'yaml', `- &a {"${'x'.repeat(100_000)}": 1}\n${'- *a\n'.repeat(40)}`],
  ])('%s, which is more than it seems', (_what, format, text) => {
    expect(refusal(() => parse(text, format))).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  test('one text many times is read when it is short', () => {
    expect(parse(`- &a text\n${'- *a\n'.repeat(1000)}`, 'yaml').value).toEqual(
      Array.from({ length: 1001 }, () => 'text'),
    );
  });

  test('as many fields as an object may have are read', () => {
    const fields = Array.from({ length: maximumValues - 1 }, (_, index) => `"key-${index}":"aaaaaaaaaaaaaaaaaaaa"`);
    expect(parse(`{"data":{${fields.join(',')}}}`).duplicates).toEqual([]);
  });

  test.each<[string, BodyFormat, string]>([
    ['lists in a list', 'json', `[${'[],'.repeat(maximumValues)}1]`],
    ['objects', 'json', JSON.stringify(Array.from({ length: maximumValues / 2 + 1 }, () => ({ a: 1 })))],
    ['fields', 'json', `{"data":{${'"a":1,'.repeat(maximumValues)}"a":1}}`],
    ['items', 'json', `[${'1,'.repeat(maximumValues)}1]`],
    ['nested lists', 'json', `[${'[[1]],'.repeat(maximumValues / 2)}1]`],
    ['lists without an end', 'json', '['.repeat(3_000_000)],
    ['items of YAML', 'yaml', '- a\n'.repeat(maximumValues + 1)],
    ['lines of YAML', 'yaml', '\n'.repeat(3_000_000)],
    ['lines of YAML that end in a carriage return', 'yaml', 'a: |\r' + ' x\r'.repeat(900_000)],
    ['documents of YAML', 'yaml', '---\n'.repeat(700_000)],
    ['lists in a line of YAML', 'yaml', `[${'[],'.repeat(900_000)}]`],
    ['compact lists of YAML', 'yaml', `${'- '.repeat(200)}a\n`.repeat(6000)],
  ])('more than an object may have is refused before it is parsed: %s', (_what, format, text) => {
    expect(refusal(() => parse(text, format))).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });

  test('commas and brackets in strings are no values', () => {
    expect(parse(JSON.stringify({ data: { a: ',[{:'.repeat(200_000), b: '\\",' } })).duplicates).toEqual([]);
  });

  test('a string without an end is told', () => {
    expect(refusal(() => parse(`{"a":"${'x'.repeat(1_000_000)}`)).code).toBe(400);
  });

  test('a field that is there half a million times is told once', () => {
    const text = `{"a":${'{"a":'.repeat(200)}{${'"x":1,'.repeat(maximumValues - 1000)}"y":1}${'}'.repeat(201)}`;
    expect(parse(text).duplicates).toHaveLength(1);
  });

  test.each<BodyFormat>(['json', 'yaml'])('bytes that are no UTF-8 (%s)', (format) => {
    expect(refusal(() => parseBody(new Uint8Array([0x22, 0xff, 0xfe, 0x22]), format, 'ConfigMap')).message).toContain(
      'invalid UTF-8',
    );
  });
});

describe('a YAML body', () => {
  const value = (text: string) => parse(text, 'yaml').value;

  test.each<[string, unknown]>([
    ['on', true],
    ['Yes', true],
    ['y', true],
    ['off', false],
    ['NO', false],
    ['TRUE', true],
    ['"on"', 'on'],
    ["'yes'", 'yes'],
    ['yEs', 'yEs'],
    ['~', null],
    ['', null],
    ['Null', null],
    ['0644', 420],
    ['0o17', 15],
    ['0x1F', 31],
    ['-0b11', -3],
    ['08', 8],
    ['1_000', 1000],
    ['+5', 5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['5.', 5],
    ['-1.5e-1', -0.15],
    ['.inf', '.inf'],
    ['1.2.3', '1.2.3'],
    ['2020-01-01', '2020-01-01'],
    ['2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z'],
    ['12:30:45', '12:30:45'],
    ['500m', '500m'],
    ['!!str 5', '5'],
    ['!!int "5"', 5],
    ['|\n  l1\n  l2\n', 'l1\nl2\n'],
    ['>-\n  l1\n  l2\n', 'l1 l2'],
    ['[a, {b: c}]', ['a', { b: 'c' }]],
  ])('takes %s for what kubectl takes it for', (text, expected) => {
    expect(value(`a: ${text}`)).toEqual({ a: expected });
  });

  test('makes texts of keys', () => {
    expect(value('80: a\non: b\n1.5: c\n"x": d')).toEqual({ 80: 'a', true: 'b', 1.5: 'c', x: 'd' });
  });

  test('merges, writes aliases out, and lets the mapping override what it merged', () => {
    const result = value('base: &b {x: 1, l: [1]}\nm:\n  <<: *b\n  x: 2\nz: *b\n');
    expect(result).toEqual({ base: { x: 1, l: [1] }, m: { x: 2, l: [1] }, z: { x: 1, l: [1] } });
    expect(parse('base: &b {x: 1}\nm:\n  <<: *b\n  x: 2\n', 'yaml').duplicates).toEqual([]);
    const { base, z } = result as { base: object; z: object };
    expect(z).not.toBe(base);
  });

  test('tells of keys that are there twice, the last of which counts', () => {
    expect(parse('a: 1\na: 2\nb:\n  - c: 1\n    c: 2\n', 'yaml')).toEqual({
      value: { a: 2, b: [{ c: 2 }] },
      duplicates: ['a', 'b[0].c'],
    });
  });

  test.each(['', '\n', '---\n', '# nothing\n', '---\n# nothing\n...\n', 'null'])('%j is nothing', (text) => {
    expect(value(text)).toBeNull();
  });

  test.each(['---\na: 1\n', '%YAML 1.1\n---\na: 1\n', 'a: 1\n---\n', '--- {a: 1}\n...\n', '{"a":1}'])(
    '%j is one document',
    (text) => {
      expect(value(text)).toEqual({ a: 1 });
    },
  );

  test('of two documents is refused', () => {
    expect(refusal(() => parse('a: 1\n---\nb: 2\n', 'yaml')).message).toContain('expected one document, found 2');
  });

  test('that is no YAML is refused with its line', () => {
    expect(refusal(() => parseBody(bytes('a: 1\nb: [\n'), 'yaml')).message).toMatch(
      /^error decoding YAML: error converting YAML to JSON: yaml: line \d+: ./,
    );
  });
});

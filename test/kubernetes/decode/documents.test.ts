import { describe, expect, test } from 'vitest';
import { documentsOf, parseDocuments } from '../../../kubernetes/decode/documents.ts';
import { maximumDocuments, maximumValues, maximumValuesOfDocuments } from '../../../kubernetes/limits.ts';
import { refusal } from '../refusal.ts';

const values = (text: string) => parseDocuments(text).map(({ value }) => value);

describe('documents of a text', () => {
  test.each<[string, unknown[]]>([
    ['a: 1\n---\n\n---\n# nothing\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['', []],
    ['---\n', []],
    ['{"a":1}', [{ a: 1 }]],
    ['[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
    ['{"kind":"List","items":[{"a":1},{"kind":"PodList","items":[{"b":2}]}]}', [{ a: 1 }, { b: 2 }]],
    ['kind: List\nitems:\n- a: 1\n---\nb: 2', [{ a: 1 }, { b: 2 }]],
    ['kind: List\nitems: []', []],
    ['kind: Whitelist\nitems: []', [{ kind: 'Whitelist', items: [] }]],
    ['{a: 1}\n---\n{b: 2}', [{ a: 1 }, { b: 2 }]],
    ['{"a":1}\n{"b":"}{"}[{"c":3}]', [{ a: 1 }, { b: '}{' }, { c: 3 }]],
    ['\ufeff{"a":1}\r\n{"b":2}\r\n', [{ a: 1 }, { b: 2 }]],
    ['\ufeffa: |\r\n  x\r\n  y\r\n---\r\nb: 2\r\n', [{ a: 'x\ny\n' }, { b: 2 }]],
    ['data: "---"', [{ data: '---' }]],
    ['plain', ['plain']],
    ['%YAML 1.1\n---\na: 1\n', [{ a: 1 }]],
    ['# a\n---\na: 1\n...\nb: 2\n---\t\nc: 3', [{ a: 1 }, { b: 2 }, { c: 3 }]],
    ['a: |\n  ---\n  x\n', [{ a: '---\nx\n' }]],
    ['{"a":1}\n---\n{"b":2}', [{ a: 1 }, { b: 2 }]],
    ['{"a":1} # of JSON', [{ a: 1 }]],
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('are read one by one', () => {
    const documents = documentsOf('a: 1\n---\nb: [\n');
    expect(documents.next().value).toMatchObject({ value: { a: 1 } });
    expect(refusal(() => documents.next()).code).toBe(400);
  });

  test.each([
    ['none between separators', '---\n'.repeat(780_000)],
    ['JSON', '{}'.repeat(1_500_000)],
    ['a list', `[${'{},'.repeat(maximumDocuments)}{}]`],
    ['YAML', '---\na: 1\n'.repeat(maximumDocuments + 1)],
    ['lists in lists', `{"kind":"List","items":[${'[{},{}],'.repeat(maximumDocuments)}{}]}`],
    ['ends of documents', 'a: 1\n...\n'.repeat(maximumDocuments + 1)],
  ])('are refused when they are too many: %s', (_what, text) => {
    expect(refusal(() => parseDocuments(text)).code).toBe(413);
  });

  test('may have more values together than one of them', () => {
    const document = (items: number) => `{"a":[${'1,'.repeat(items)}1]}`;
    const [large, larger] = [document(maximumValues - 10), document(maximumValues + 10)];
    const most = Math.floor(maximumValuesOfDocuments / maximumValues);
    for (const several of [
      (count: number) => `[${`${large},`.repeat(count - 1)}${large}]`,
      (count: number) => large.repeat(count),
      (count: number) => `---\n${large}\n`.repeat(count),
    ]) {
      expect(parseDocuments(several(most))).toHaveLength(most);
      expect(refusal(() => parseDocuments(several(most + 1))).code).toBe(413);
    }
    for (const text of [larger, `[{},${larger}]`, `---\n${larger}\n`]) {
      expect(refusal(() => parseDocuments(text)).code).toBe(413);
    }
  });

  test('may not become longer together than a body by their aliases', () => {
    const document = `a: &a "${'x'.repeat(50_000)}"\nb: [${'*a,'.repeat(20)}]\n`;
    const several = (count: number) => Array.from({ length: count }, () => document).join('---\n');
    expect(parseDocuments(several(2))).toHaveLength(2);
    expect(refusal(() => parseDocuments(several(3))).code).toBe(413);
  });

  test('keep their duplicates apart', () => {
    expect(parseDocuments('a: 1\na: 2\n---\nkind: List\nitems:\n- b: 1\n- c: {d: 1, d: 2}\n')).toEqual([
      { value: { a: 2 }, duplicates: ['a'] },
      { value: { b: 1 }, duplicates: [] },
      { value: { c: { d: 2 } }, duplicates: ['c.d'] },
    ]);
  });

  test.each([
    ['{"a":1', 'unexpected end of JSON input'],
    ['{"a":1}{"b":', 'unexpected end of JSON input'],
    ['{"a":1},{"b":2}', "invalid character ',' after top-level value"],
    ['a: [', 'yaml: line 1'],
    ['a: 1\n---\n# b\nb: [', 'yaml: line 4'],
    ['{"__proto__":1}', '__proto__'],
  ])('are refused when they cannot be read: %j', (text, problem) => {
    expect(refusal(() => parseDocuments(text))).toMatchObject({ code: 400, message: expect.stringContaining(problem) });
  });
});

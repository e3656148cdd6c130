import { describe, expect, test } from 'vitest';
import { parseDocuments } from '../../../kubernetes/decode/documents.ts';
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
  ])('%j', (text, expected) => {
    expect(values(text)).toEqual(expected);
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
    ['{"a":1}{"b":', "invalid character '{' after top-level value"],
    ['{"a":1},{"b":2}', "invalid character ',' after top-level value"],
    ['a: [', 'yaml: line 1'],
    ['{"__proto__":1}', '__proto__'],
  ])('are refused when they cannot be read: %j', (text, problem) => {
    expect(refusal(() => parseDocuments(text))).toMatchObject({ code: 400, message: expect.stringContaining(problem) });
  });

  test('may have more values together than one of them', () => {
    const document = (items: number) => `{"a":[${'1,'.repeat(items)}1]}`;
    expect(parseDocuments(`[${document(90_000)},${document(90_000)}]`)).toHaveLength(2);
    for (const text of [
      document(110_000),
      `[{},${document(110_000)}]`,
      `---\n${document(110_000)}\n`,
      `[${document(90_000)},${document(90_000)},${document(90_000)}]`,
    ]) {
      expect(refusal(() => parseDocuments(text)).code).toBe(413);
    }
  });
});

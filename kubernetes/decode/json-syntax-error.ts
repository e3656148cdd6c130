import { createScanner } from 'jsonc-parser';

/** jsonc-parser's SyntaxKind and ScanError, which it declares as `const enum`s that cannot be imported. */
const Token = {
  OpenBrace: 1,
  CloseBrace: 2,
  OpenBracket: 3,
  CloseBracket: 4,
  Comma: 5,
  Colon: 6,
  Null: 7,
  True: 8,
  False: 9,
  String: 10,
  Number: 11,
  LineBreak: 14,
  Trivia: 15,
  End: 17,
} as const;
const ScanError = { endOfString: 2, endOfNumber: 3, unicode: 4, escape: 5, character: 6 } as const;

type Expected =
  | 'value'
  | 'value or end'
  | 'key'
  | 'key or end'
  | 'colon'
  | 'after property'
  | 'after element'
  | 'nothing';

const context: Readonly<Record<Expected, string>> = {
  value: 'looking for beginning of value',
  'value or end': 'looking for beginning of value',
  key: 'looking for beginning of object key string',
  'key or end': 'looking for beginning of object key string',
  colon: 'after object key',
  'after property': 'after object key:value pair',
  'after element': 'after array element',
  nothing: 'after top-level value',
};

/** What is wrong with a text that is not JSON, in the words of Go's encoding/json: clients and people search for them. */
export function syntaxError(text: string): string {
  const scanner = createScanner(text, false);
  const open: ('object' | 'array')[] = [];
  let expected: Expected = 'value';
  for (;;) {
    const token = scanner.scan();
    if (token === Token.Trivia || token === Token.LineBreak) continue;
    if (token === Token.End) return 'unexpected end of JSON input';
    const broken = brokenString(scanner.getTokenError(), text, scanner.getTokenOffset() + scanner.getTokenLength());
    if (broken !== undefined) return broken;
    const next = follow(token, expected, open);
    if (next === undefined) return `invalid character ${quote(text, scanner.getTokenOffset())} ${context[expected]}`;
    expected = next;
  }
}

function brokenString(error: number, text: string, end: number): string | undefined {
  if (error === ScanError.endOfString && end < text.length)
    return `invalid character ${quote(text, end)} in string literal`;
  if (error === ScanError.endOfString) return 'unexpected end of JSON input';
  if (error === ScanError.character) return 'invalid character in string literal';
  if (error === ScanError.escape) return 'invalid character in string escape code';
  if (error === ScanError.endOfNumber && end >= text.length) return 'unexpected end of JSON input';
  if (error === ScanError.endOfNumber) return `invalid character ${quote(text, end)} in numeric literal`;
  if (error === ScanError.unicode) return 'invalid character in \\u hexadecimal character escape';
  return undefined;
}

/** What may come after a token; `undefined` when the token may not stand here. Keeps the list of open brackets. */
function follow(token: number, expected: Expected, open: ('object' | 'array')[]): Expected | undefined {
  switch (expected) {
    case 'key':
      return token === Token.String ? 'colon' : undefined;
    case 'key or end':
      return token === Token.CloseBrace ? close(open) : follow(token, 'key', open);
    case 'colon':
      return token === Token.Colon ? 'value' : undefined;
    case 'after property':
      return followItem(token, { closing: Token.CloseBrace, next: 'key', open });
    case 'after element':
      return followItem(token, { closing: Token.CloseBracket, next: 'value', open });
    case 'value or end':
      return token === Token.CloseBracket ? close(open) : beginValue(token, open);
    case 'value':
      return beginValue(token, open);
    case 'nothing':
      return undefined;
    default:
      return expected satisfies never;
  }
}

function followItem(
  token: number,
  { closing, next, open }: { closing: number; next: Expected; open: ('object' | 'array')[] },
): Expected | undefined {
  if (token === Token.Comma) return next;
  return token === closing ? close(open) : undefined;
}

const scalars: ReadonlySet<number> = new Set([Token.String, Token.Number, Token.True, Token.False, Token.Null]);

function beginValue(token: number, open: ('object' | 'array')[]): Expected | undefined {
  if (token === Token.OpenBrace) {
    open.push('object');
    return 'key or end';
  }
  if (token === Token.OpenBracket) {
    open.push('array');
    return 'value or end';
  }
  return scalars.has(token) ? afterValue(open) : undefined;
}

function close(open: ('object' | 'array')[]): Expected {
  open.pop();
  return afterValue(open);
}

function afterValue(open: readonly ('object' | 'array')[]): Expected {
  const container = open.at(-1);
  if (container === undefined) return 'nothing';
  return container === 'object' ? 'after property' : 'after element';
}

/** A character as Go quotes it: `'b'`, `'\n'`. */
function quote(text: string, offset: number): string {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  return `'${JSON.stringify(character).slice(1, -1)}'`;
}

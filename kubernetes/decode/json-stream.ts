import { createScanner } from 'jsonc-parser';
import { checkDocuments } from './inspect.ts';

/** jsonc-parser's SyntaxKind, which is declared as a const enum. */
const [openBrace, closeBrace, openBracket, closeBracket, endOfFile] = [1, 2, 3, 4, 17] as const;

/**
 * The texts of the values in a text that holds JSON objects or lists one after the other, as `kubectl get -o json` writes
 * them for one name after another. Throws StatusError 413 for too many.
 */
export function jsonPieces(text: string): readonly string[] {
  const scanner = createScanner(text, true);
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let token: number = scanner.scan(); token !== endOfFile; token = scanner.scan()) {
    if (token === openBrace || token === openBracket) depth += 1;
    if (token === closeBrace || token === closeBracket) depth -= 1;
    if (depth !== 0) continue;
    const end = scanner.getTokenOffset() + scanner.getTokenLength();
    found.push(text.slice(start, end));
    checkDocuments(found.length);
    start = end;
  }
  return text.slice(start).trim() === '' ? found : [...found, text.slice(start)];
}

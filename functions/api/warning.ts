import { maximumWarningCharacters, maximumWarningsCharacters } from '../../kubernetes/limits.ts';
import { beginningOf } from '../../kubernetes/shown-value.ts';

/**
 * The warnings of an answer, each once. When they are too long together, as many as a kube-apiserver tells, each cut as
 * it cuts them: clients refuse a header that is too long, and so an answer to what was done.
 */
export function boundedWarnings(all: readonly string[]): readonly string[] {
  const warnings = [...new Set(all)];
  const total = warnings.reduce((sum, { length }) => sum + length, 0);
  if (total <= maximumWarningsCharacters) return warnings;
  const told: string[] = [];
  let characters = 0;
  for (const warning of warnings) {
    if (characters >= maximumWarningsCharacters) break;
    const text = beginningOf(warning, maximumWarningCharacters);
    told.push(text);
    characters += text.length;
  }
  return told;
}

/**
 * The value of a `Warning` header (RFC 7234): `299 - "text"`. Headers hold bytes, so a text beyond ASCII goes as UTF-8, as
 * kube-apiserver sends it; what would end the header becomes a space.
 */
export function warningHeader(text: string): string {
  const printable = text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/["\\]/g, String.raw`\$&`);
  const bytes = new TextEncoder().encode(printable);
  return `299 - "${Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')}"`;
}

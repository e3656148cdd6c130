import type { Chance } from './chance.ts';

const words = (line: string): readonly string[] => line.split(' ');

/** What patterns, globs, paths, quantities, addresses, images, selectors and templates are made of, and what breaks them. */
const pieces = [
  words(
    'a A 0 9 é 😀 \u0000 \ud800 \u2028 - -- . .. ../ / // * *a ? [ ]( { {{ ( \\ " \' ` % %zz $ $$ $(A) $( ! = , ; : :: 1:',
  ),
  words('@ # ~ ~0 + e1 1. 0. 10.0.0.0/8 -1 x. _ http:// a/ a: true null __proto__ constructor toString a=b, <<'),
  [' ', '\t', '\n', '\r\n', '&a ', 'in (a,', ' a'],
].flat();

const oddities = [
  words(
    'null true 0 -0 1e400 9223372036854775808 0x10 NaN __proto__ constructor . .. / - * $(A) 1Ei 100m -5 10.0.0.1 fe80::1 é',
  ),
  ['', ' ', '\u0000', 'a'.repeat(64), 'a'.repeat(254)],
].flat();

/** A text of at most so many characters: one piece again and again, and at times an end that fits no pattern. */
export function text(chance: Chance, largest: number): string {
  if (chance.happens(0.3)) return chance.pick(oddities).slice(0, largest);
  const piece = chance.pick(pieces);
  const end = chance.happens(0.5) ? chance.pick(pieces) : '';
  const begin = chance.happens(0.2) ? chance.pick(pieces) : '';
  return `${begin}${piece.repeat(Math.max(1, Math.floor(chance.size(largest) / piece.length)))}${end}`;
}

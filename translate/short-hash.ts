/** The letters and digits of Kubernetes' generated names: no vowels, so that no words come out (apimachinery/util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const base = BigInt(alphabet.length);
const mask = (1n << 64n) - 1n;

/** FNV-1a of 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fnv64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
  return hash;
}

/** A hash of a text, in up to 13 characters that look like those of Kubernetes' generated names. */
export function shortHash(text: string, length: number): string {
  let rest = fnv64(text);
  let hash = '';
  for (let index = 0; index < length; index += 1) {
    hash += alphabet[Number(rest % base)] ?? '';
    rest /= base;
  }
  return hash;
}

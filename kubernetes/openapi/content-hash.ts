/**
 * A short text that is another one whenever the content is (but for accidents): clients keep documents under it for good.
 * Two multiplicative hashes of 32 bits; not for secrets.
 */
export function contentHash(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b) ^ (high >>> 15);
  }
  return [low, high, text.length]
    .map((part) => (part >>> 0).toString(16).padStart(8, '0'))
    .join('')
    .toUpperCase();
}

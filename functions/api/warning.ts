/**
 * The value of a `Warning` header (RFC 7234): `299 - "text"`. Headers hold bytes, so a text beyond ASCII goes as UTF-8, as
 * kube-apiserver sends it; what would end the header becomes a space.
 */
export function warningHeader(text: string): string {
  const printable = text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(/["\\]/g, String.raw`\$&`);
  const bytes = new TextEncoder().encode(printable);
  return `299 - "${Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')}"`;
}

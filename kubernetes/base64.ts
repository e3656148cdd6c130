/** Base64 of a text's UTF-8. */
export function encodeBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The text whose UTF-8 this is; what is no UTF-8 becomes U+FFFD. */
export const decodeBase64 = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));

/** How many bytes canonical base64 holds. */
export const decodedLength = (base64: string): number => Math.floor((base64.replace(/={1,2}$/, '').length * 3) / 4);

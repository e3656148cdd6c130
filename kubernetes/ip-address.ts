const version4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|\d{1,2})(?:\.(?!$)|$)){4}$/;
const group = /^[0-9a-f]{1,4}$/i;

/** Whether a text is an IPv4 address in decimal, or an IPv6 address, `::ffff:10.0.0.1` among them; no zone. */
export const isIpAddress = (text: string): boolean => isIPv4(text) || isIPv6(text);

export const isIPv4 = (text: string): boolean => version4.test(text);

export function isIPv6(text: string): boolean {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1)?.at(-1) ?? '';
  const embedded = version4.test(last) ? 1 : 0;
  if (embedded === 1) groups.at(-1)?.pop();
  const all = groups.flat();
  const count = all.length + embedded * 2;
  return all.every((each) => group.test(each)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** More than the longest address with a prefix has. */
const maximumCidrLength = 64;

/** Whether a text is an address with the length of a prefix: `10.9.8.0/24`, `2001:db8::/64`. */
export function isCidr(text: string): boolean {
  if (text.length > maximumCidrLength) return false;
  const [address = '', prefix = '', ...rest] = text.split('/');
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

/** What is wrong with an IP address. */
export const ipAddressProblems = (text: string): readonly string[] =>
  isIpAddress(text) ? [] : ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];

import { isIPv4 } from '../ip-address.ts';

/** The network of cluster IPs, a /16. Nothing listens on them: they are what clients expect a Service to have. */
export const serviceNetwork = '10.96.0.0/16';
/** The cluster IP of the Service `kubernetes`, the API itself. */
export const apiServiceIP = '10.96.0.1';
const prefix = '10.96.';

export const nodePortRange = { first: 30_000, last: 32_767 } as const;

/** Whether an address can be given to a Service: in the network, and neither its first nor its last address. */
export function isServiceIP(address: string): boolean {
  return isIPv4(address) && address.startsWith(prefix) && address !== '10.96.0.0' && address !== '10.96.255.255';
}

/**
 * The beginning of both ranges is left to clients that ask for a value, as a kube-apiserver does (`dynamic` allocation
 * bands, kube-features ServiceIPStaticSubrange), so that theirs are rarely taken.
 */
const firstDynamicOffset = 257;
const lastDynamicOffset = 65_534;
const firstDynamicNodePort = nodePortRange.first + 86;

const between = (first: number, last: number, random: () => number): number =>
  first + Math.floor(random() * (last - first + 1));

/** A cluster IP by chance; `random` gives numbers in [0, 1). */
export function randomServiceIP(random: () => number): string {
  const offset = between(firstDynamicOffset, lastDynamicOffset, random);
  return `${prefix}${offset >> 8}.${offset & 255}`;
}

/** A node port by chance, or the next one after it that is not `used`. */
export function randomNodePort(random: () => number, used: ReadonlySet<number>): number {
  const count = nodePortRange.last - firstDynamicNodePort + 1;
  const start = between(0, count - 1, random);
  if (used.size < count) {
    for (let step = 0; step < count; step += 1) {
      const port = firstDynamicNodePort + ((start + step) % count);
      if (!used.has(port)) return port;
    }
  }
  return firstDynamicNodePort + start;
}

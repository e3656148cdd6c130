import { isIpAddress } from '../../kubernetes/ip-address.ts';
import { expandWords } from '../expansion.ts';
import type { Container, Probe } from '../pod-parts.ts';

/** What a probe asks, as a command of the probe script (probe-script.ts): the name of its function, and words. */
export type ProbeCommand = readonly [how: 'http' | 'https' | 'tcp' | 'run' | 'false', ...words: string[]];

/** The kubelet's of the Kubernetes that is served. */
const userAgent = 'kube-probe/1.33';
/** A kubelet asks the pod's address: the containers of a task share one network, and so its loopback too. */
const loopback = '127.0.0.1';

/** The command of a probe; undefined for one that asks nothing. */
export function probeCommand(probe: Probe, container: Container): ProbeCommand | undefined {
  if (probe.exec !== undefined) return runCommand(probe.exec.command ?? [], container);
  if (probe.httpGet !== undefined) return httpCommand(probe.httpGet, container);
  const { host, port } = probe.tcpSocket ?? { host: undefined, port: probe.grpc?.port };
  if (port === undefined) return undefined;
  const number = portNumber(port, container);
  return number === undefined ? ['false'] : ['tcp', host || loopback, String(number)];
}

function runCommand(words: readonly string[], container: Container): ProbeCommand | undefined {
  const values = literals(container);
  return words.length === 0 ? undefined : ['run', ...expandWords(words, values)];
}

/** The variables that a kubelet expands in the commands of probes: those with literal values. */
const literals = (container: Container): ReadonlyMap<string, string> =>
  new Map((container.env ?? []).map((variable) => [variable.name, variable.value ?? '']));

/** The request as Go's client writes it, whole: the script only sends it. */
function httpCommand(request: NonNullable<Probe['httpGet']>, container: Container): ProbeCommand {
  const port = portNumber(request.port, container);
  if (port === undefined) return ['false'];
  const { path = '/', httpHeaders = [] } = request;
  const host = request.host || loopback;
  const given = (name: string): boolean => httpHeaders.some((header) => header.name.toLowerCase() === name);
  const lines = [
    `GET ${urlPath(path)} HTTP/1.1`,
    ...(given('host') ? [] : [`Host: ${host.includes(':') ? `[${host}]` : host}:${port}`]),
    ...(given('user-agent') ? [] : [`User-Agent: ${userAgent}`]),
    ...(given('accept') ? [] : ['Accept: */*']),
    ...httpHeaders.map(({ name, value }) => `${name}: ${value}`),
    'Connection: close',
  ];
  const words = [host, String(port), `${lines.join('\r\n')}\r\n\r\n`];
  if (request.scheme !== 'HTTPS') return ['http', ...words];
  // Addresses are no names (RFC 6066, 3).
  return ['https', ...words, ...(isIpAddress(host) ? [] : ['-n', host])];
}

/** As Go writes a URL's path: what cannot stand in a request line is escaped, what is escaped stays so. */
const urlPath = (path: string): string =>
  `${path.startsWith('/') ? '' : '/'}${path.replaceAll(/[^\x21-\x7e]+/gu, (text) => escaped(new TextEncoder().encode(text)))}`;

const escaped = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** A port by number, or by a name among the container's; undefined when it has none of that name. */
export function portNumber(port: number | string, { ports = [] }: Pick<Container, 'ports'>): number | undefined {
  if (typeof port === 'number') return port;
  return ports.find(({ name }) => name === port)?.containerPort;
}

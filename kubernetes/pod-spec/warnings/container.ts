import { at, under } from '../../field-errors.ts';
import { quoted } from '../../shown-value.ts';
import type { Container, ContainerPort } from '../container.ts';

export interface PlacedContainer {
  readonly container: Container;
  /** `spec.containers[0]` */
  readonly path: string;
}

/** Variables of one name: the last one counts, and client-side apply may lose one. A value built on the one before is meant. */
export function environmentWarnings({ env = [] }: Container, path: string): readonly string[] {
  const seen = new Set<string>();
  return env.flatMap(({ name, value = '', valueFrom }, index) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    const reference = `$(${name})`;
    if (valueFrom === undefined && value !== reference && value.includes(reference)) return [];
    const text = `hides previous definition of ${quoted(name)}, which may be dropped when using apply`;
    return [`${at(path, index)}: ${text}`];
  });
}

interface PlacedPort {
  readonly port: ContainerPort;
  readonly path: string;
}

/** So many ports with one number are compared with one another; a kube-apiserver compares all. */
const maximumCompared = 4;

/** Ports of one number in the containers of a pod, which share one address. */
export function portWarnings(containers: readonly PlacedContainer[]): readonly string[] {
  const ports = containers.flatMap(({ container, path }) =>
    (container.ports ?? []).map((port, index) => ({ port, path: at(under(path, 'ports'), index) })),
  );
  const groups = new Map<string, PlacedPort[]>();
  return ports.flatMap((each) => {
    const { hostIP, hostPort, containerPort, protocol } = each.port;
    const others = groups.get(`${containerPort}/${protocol}`) ?? [];
    groups.set(`${containerPort}/${protocol}`, others);
    const warnings = others.flatMap((other) => overlap(each, other));
    if (others.length < maximumCompared) others.push(each);
    return [
      ...(hostIP && !hostPort ? [`${each.path}: hostIP set without hostPort: ${inGo(each.port)}`] : []),
      ...warnings,
    ];
  });
}

function overlap({ port, path }: PlacedPort, other: PlacedPort): readonly string[] {
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.port.hostPort ?? 0];
  const [hostIP, otherHostIP] = [port.hostIP ?? '', other.port.hostIP ?? ''];
  const text = (what: string): string[] => [`${path}: ${what} port definition with ${other.path}`];
  if (hostIP === otherHostIP && hostPort === otherHostPort) return text('duplicate');
  if (hostPort === 0 || otherHostPort === 0) return text('overlapping');
  return hostPort === otherHostPort && (hostIP === '' || otherHostIP === '') ? text('dangerously ambiguous') : [];
}

const inGo = ({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string =>
  `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;

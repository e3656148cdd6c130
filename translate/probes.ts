import type { Finding } from './plan.ts';
import type { Container, Probe } from './pod-parts.ts';
import { portNumber, probeCommand, type ProbeCommand } from './toolbox/probe-command.ts';

export type ProbeField = 'startupProbe' | 'readinessProbe' | 'livenessProbe';

/** What Kubernetes fills in: it cannot be told from what an author wrote. */
const defaults = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 } as const;

/** A probe with its numbers. */
export interface AskedProbe extends Record<keyof typeof defaults | 'initialDelaySeconds', number> {
  readonly command: ProbeCommand;
}

/** A container's probe, undefined when there is none, or one that asks nothing. */
export function askedProbe(container: Container, field: ProbeField): AskedProbe | undefined {
  const probe = container[field];
  const command = probe === undefined ? undefined : probeCommand(probe, container);
  if (probe === undefined || command === undefined) return undefined;
  const { initialDelaySeconds = 0, periodSeconds, timeoutSeconds, successThreshold, failureThreshold } = probe;
  return {
    command,
    initialDelaySeconds,
    periodSeconds: periodSeconds || defaults.periodSeconds,
    timeoutSeconds: timeoutSeconds || defaults.timeoutSeconds,
    successThreshold: successThreshold || defaults.successThreshold,
    failureThreshold: failureThreshold || defaults.failureThreshold,
  };
}

/** What is told of a probe's handler, whatever its numbers. */
export function handlerWarnings(container: Container, field: ProbeField, path: string): readonly Finding[] {
  const { httpGet, tcpSocket } = container[field] ?? ({} as Partial<Probe>);
  const unknown = ([at, port]: readonly [string, number | string | undefined]): readonly Finding[] =>
    port === undefined || portNumber(port, container) !== undefined
      ? []
      : [{ path: `${path}.${at}.port`, message: `the container has no port named ${port}: the probe fails` }];
  return [...unknown(['httpGet', httpGet?.port]), ...unknown(['tcpSocket', tcpSocket?.port])];
}

import { forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { checked, nonNegative, oneOf, portNumber, portNumberOrName, requiredText } from '../../field-rules.ts';
import type { HTTPGetAction, Lifecycle, LifecycleHandler } from '../handler.ts';
import type { Probe } from '../probe.ts';

const headerNameProblems = (name: string): readonly string[] =>
  /^[-A-Za-z0-9]+$/.test(name)
    ? []
    : [
        "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
      ];

type Handler = Pick<LifecycleHandler, 'exec' | 'httpGet' | 'tcpSocket' | 'sleep'> & Pick<Probe, 'grpc'>;

const handlers: readonly (keyof Handler)[] = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'];

/** One handler and no more; the first one is looked into. `graceSeconds` bounds how long a sleep may be. */
function validateHandler(handler: Handler, path: string, graceSeconds: number): readonly FieldError[] {
  const [first, ...others] = handlers.filter((name) => handler[name] !== undefined);
  if (first === undefined) return [required(path, 'must specify a handler type')];
  return [
    ...validateAction(handler, { first, path: under(path, first), graceSeconds }),
    ...others.map((name) => forbidden(under(path, name), 'may not specify more than 1 handler type')),
  ];
}

interface Action {
  readonly first: keyof Handler;
  readonly path: string;
  readonly graceSeconds: number;
}

function validateAction(handler: Handler, { first, path, graceSeconds }: Action): readonly FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (first === 'exec') return exec?.command?.length ? [] : [required(under(path, 'command'))];
  if (httpGet !== undefined && first === 'httpGet') return validateHttpGet(httpGet, path);
  if (tcpSocket !== undefined && first === 'tcpSocket') return portNumberOrName(under(path, 'port'), tcpSocket.port);
  if (grpc !== undefined && first === 'grpc') return portNumber(under(path, 'port'), grpc.port);
  if (sleep === undefined || (sleep.seconds >= 0 && sleep.seconds <= graceSeconds)) return [];
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  return [invalid(path, sleep.seconds, detail)];
}

const validateHttpGet = (action: HTTPGetAction, path: string): readonly FieldError[] => [
  ...requiredText(under(path, 'path'), action.path),
  ...portNumberOrName(under(path, 'port'), action.port),
  ...oneOf(under(path, 'scheme'), action.scheme, ['HTTP', 'HTTPS']),
  ...(action.httpHeaders ?? []).flatMap((header) =>
    checked(under(path, 'httpHeaders'), header.name, headerNameProblems),
  ),
];

const counts = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];

export interface ProbePlace {
  readonly use: 'livenessProbe' | 'readinessProbe' | 'startupProbe';
  /** Of the probe: `spec.containers[0].livenessProbe`. */
  readonly path: string;
  readonly graceSeconds: number;
}

/** Everything wrong with a probe, by what it is used for. */
export function validateProbe(probe: Probe, { use, path, graceSeconds }: ProbePlace): readonly FieldError[] {
  const numbers = new Map(Object.entries(probe).filter(([, value]) => typeof value === 'number'));
  return [
    ...validateHandler(probe, path, graceSeconds),
    ...counts.flatMap((name) => nonNegative(under(path, name), Number(numbers.get(name) ?? 0))),
    ...validateGracePeriod(probe, use, under(path, 'terminationGracePeriodSeconds')),
    ...(use !== 'readinessProbe' && probe.successThreshold !== 1
      ? [invalid(under(path, 'successThreshold'), probe.successThreshold, 'must be 1')]
      : []),
  ];
}

function validateGracePeriod(probe: Probe, use: ProbePlace['use'], path: string): readonly FieldError[] {
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds === undefined) return [];
  return [
    ...(seconds > 0 ? [] : [invalid(path, seconds, 'must be greater than 0')]),
    ...(use === 'readinessProbe' ? [invalid(path, seconds, 'must not be set for readinessProbes')] : []),
  ];
}

/** Everything wrong with the hooks of a container. */
export const validateLifecycle = (lifecycle: Lifecycle, path: string, graceSeconds: number): readonly FieldError[] => [
  ...(lifecycle.postStart === undefined
    ? []
    : validateHandler(lifecycle.postStart, under(path, 'postStart'), graceSeconds)),
  ...(lifecycle.preStop === undefined ? [] : validateHandler(lifecycle.preStop, under(path, 'preStop'), graceSeconds)),
];

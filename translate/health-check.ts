import type { Finding, HealthCheckPlan } from './plan.ts';
import type { Container, PlacedContainer } from './pod-parts.ts';
import { askedProbe, handlerWarnings, type AskedProbe, type ProbeField } from './probes.ts';
import { busybox } from './toolbox/own-parts.ts';
import { earlySeconds, probeScript } from './toolbox/probe-script.ts';

/** ECS's ranges (SDK, HealthCheck); times in seconds. */
const leastInterval = 5;
const longestInterval = 300;
const longestTimeout = 60;
const longestStart = 300;
const mostRetries = 10;
/** What the script takes beside the probes: ECS must not end it before they have ended. */
const ownSeconds = 5;

const fields: readonly ProbeField[] = ['startupProbe', 'readinessProbe', 'livenessProbe'];

interface Probes {
  readonly startup: AskedProbe | undefined;
  readonly readiness: AskedProbe | undefined;
  readonly liveness: AskedProbe | undefined;
}

const probesOf = (container: Container): Probes => ({
  startup: askedProbe(container, 'startupProbe'),
  readiness: askedProbe(container, 'readinessProbe'),
  liveness: askedProbe(container, 'livenessProbe'),
});

/** Whether the container's health check says when it is ready for the first time; else it is from its start. */
export const isGated = (container: Container): boolean =>
  askedProbe(container, 'readinessProbe') !== undefined || hasStartupProbe(container);

export const hasStartupProbe = (container: Container): boolean => askedProbe(container, 'startupProbe') !== undefined;

export const hasReadinessProbe = (container: Container): boolean =>
  askedProbe(container, 'readinessProbe') !== undefined;

/** Whether a failing check of the container asks for its end: readiness alone never does. */
export const canBeFoundDead = (container: Container): boolean =>
  askedProbe(container, 'livenessProbe') !== undefined || hasStartupProbe(container);

interface TranslatedCheck {
  readonly healthCheck: HealthCheckPlan | undefined;
  readonly warnings: readonly Finding[];
}

/**
 * The one health check that ECS runs in a container: the script that runs all its probes. Without a probe there is none.
 * `sharesProcesses`: the container's first process is not its own.
 */
export function translateHealthCheck(
  { container, path }: PlacedContainer,
  { sharesProcesses }: { readonly sharesProcesses: boolean },
): TranslatedCheck {
  const probes = probesOf(container);
  const { readiness, liveness } = probes;
  const all = [probes.startup, readiness, liveness].filter((probe) => probe !== undefined);
  if (all.length === 0) return { healthCheck: undefined, warnings: [] };
  const interval = intervalFor(all.map(({ periodSeconds }) => periodSeconds));
  const timeout = Math.min(longestTimeout - ownSeconds, Math.max(...all.map(({ timeoutSeconds }) => timeoutSeconds)));
  const counted = countedByEcs(liveness, interval);
  const retries = counted?.failureThreshold ?? standardRetries;
  const start = startPeriod(probes, (retries - 1) * interval);
  const within = (probe: AskedProbe | undefined): AskedProbe | undefined =>
    probe === undefined ? undefined : { ...probe, timeoutSeconds: Math.min(timeout, probe.timeoutSeconds) };
  const script = probeScript(container.name, {
    startup: within(probes.startup),
    readiness: within(readiness),
    liveness: within(counted === undefined ? liveness : { ...counted, failureThreshold: 1 }),
    sharesProcesses,
  });
  return {
    healthCheck: {
      command: ['CMD', busybox, 'sh', '-c', script],
      interval,
      timeout: timeout + ownSeconds,
      retries,
      startPeriod: start.seconds,
    },
    warnings: [
      ...fields.flatMap((field) => probeWarnings(container, field, { path: `${path}.${field}`, interval })),
      ...start.warnings.map(({ path: at, message }) => ({ path: `${path}.${at}`, message })),
    ],
  };
}

/** When the script's own count has come to an end, one check more makes sure that it was not the check that failed. */
const standardRetries = 2;

/** A liveness probe that is run with every check is counted by ECS, which then takes a check that was lost for one failure. */
function countedByEcs(liveness: AskedProbe | undefined, interval: number): AskedProbe | undefined {
  return liveness?.periodSeconds === interval && liveness.failureThreshold <= mostRetries ? liveness : undefined;
}

/** As often as any probe is due: the greatest time of which all their periods are multiples, as far as ECS has it. */
function intervalFor(periods: readonly number[]): number {
  const common = periods.reduce(greatestCommonDivisor);
  const fitting = common <= longestInterval ? common : Math.floor(common / Math.ceil(common / longestInterval));
  return Math.max(leastInterval, fitting);
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** What of a probe's numbers ECS cannot do. */
function probeWarnings(
  container: Container,
  field: ProbeField,
  { path, interval }: { readonly path: string; readonly interval: number },
): readonly Finding[] {
  const probe = askedProbe(container, field);
  if (probe === undefined) return [];
  const { periodSeconds, timeoutSeconds } = probe;
  const period = Math.max(interval, Math.ceil((periodSeconds - earlySeconds) / interval) * interval);
  const longest = longestTimeout - ownSeconds;
  return [
    ...handlerWarnings(container, field, path),
    ...(period === periodSeconds
      ? []
      : [
          {
            path: `${path}.periodSeconds`,
            message: `ECS checks every ${interval} s: ${period} is used for ${periodSeconds}`,
          },
        ]),
    ...(timeoutSeconds <= longest
      ? []
      : [
          {
            path: `${path}.timeoutSeconds`,
            message: `ECS ends a check after ${longestTimeout} s: ${longest} is used for ${timeoutSeconds}`,
          },
        ]),
  ];
}

/**
 * Seconds in which failures do not count. Kubernetes never ends a container for not being ready, so that a readiness probe
 * gets all that ECS gives; a startup probe has as long as it says, in which ECS takes its time to count.
 */
function startPeriod(
  { startup, readiness }: Probes,
  countingSeconds: number,
): { readonly seconds: number; readonly warnings: readonly Finding[] } {
  const allowance =
    startup === undefined ? 0 : startup.initialDelaySeconds + startup.failureThreshold * startup.periodSeconds;
  const delay = readiness?.initialDelaySeconds ?? 0;
  const asked = Math.max(allowance, delay);
  const seconds =
    readiness === undefined ? Math.min(longestStart, Math.max(0, allowance - countingSeconds)) : longestStart;
  if (asked <= longestStart) return { seconds, warnings: [] };
  const path = allowance >= delay ? 'startupProbe.failureThreshold' : 'readinessProbe.initialDelaySeconds';
  const message = `ECS allows a container ${longestStart} s to become healthy: that is used for ${asked} s`;
  return { seconds, warnings: [{ path, message }] };
}

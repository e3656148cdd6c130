import type { PodSpec } from '../../kubernetes/kinds/core/pod.ts';
import { hasReadinessProbe } from '../health-check.ts';
import type { ContainerPlan } from '../plan.ts';
import { placedContainers } from '../pod-parts.ts';
import {
  binaryDirectory,
  ownMounts,
  readinessContainer,
  stateDirectory,
  stateMount,
  toolboxContainer,
} from './own-parts.ts';
import { readinessScript } from './probe-script.ts';
import { resolvConfScript } from './resolv-conf.ts';

export interface ToolboxSource {
  readonly spec: PodSpec;
  readonly namespace: string;
  readonly image: string;
  readonly logConfiguration: NonNullable<ContainerPlan['logConfiguration']>;
}

/** Where the image has its one program. */
const program = '/bin/busybox';
const shell = [program, 'sh', '-c'];

/**
 * Skiff's own containers of a task: the toolbox, which brings a busybox for all, sets up how names are resolved and ends;
 * and, in a task with a readiness probe, one that does nothing but tell of readiness by its health, which ECS shows and
 * does nothing about, since the container is not essential.
 */
export const ownContainers = (source: ToolboxSource): ContainerPlan[] => [toolbox(source), ...readiness(source)];

/** Nothing but a missing busybox keeps the task from starting. */
const toolbox = ({ spec, namespace, image, logConfiguration }: ToolboxSource): ContainerPlan => ({
  name: toolboxContainer,
  image,
  essential: false,
  entryPoint: shell,
  command: [
    [
      `${program} cp ${program} ${binaryDirectory}/busybox && ${program} chmod 755 ${binaryDirectory}/busybox && ${program} chmod 1777 ${stateDirectory} || exit 1`,
      resolvConfScript(spec, namespace) ?? ':',
      'exit 0',
    ].join('\n'),
  ],
  mountPoints: ownMounts({ readOnlyBinary: false }),
  user: '0',
  logConfiguration,
});

/** Seconds: as often as ECS checks at most, and long enough for a machine that has other things to do. */
const readinessInterval = 5;
const readinessTimeout = 10;
const stopSeconds = 2;
/** The least that ECS takes. */
const restartAttemptSeconds = 60;

function readiness({ spec, image, logConfiguration }: ToolboxSource): ContainerPlan[] {
  const probed = placedContainers(spec).filter(
    ({ container, role }) => role !== 'init' && hasReadinessProbe(container),
  );
  if (probed.length === 0) return [];
  const script = readinessScript(probed.map(({ container }) => container.name));
  return [
    {
      name: readinessContainer,
      image,
      essential: false,
      entryPoint: shell,
      // A first process has no other way to be ended by SIGTERM.
      command: [`trap 'exit 0' TERM; while :; do ${program} sleep 86400 & wait; done`],
      mountPoints: [stateMount()],
      healthCheck: {
        command: ['CMD', ...shell, script],
        interval: readinessInterval,
        timeout: readinessTimeout,
        retries: 1,
      },
      restartPolicy: { enabled: true, restartAttemptPeriod: restartAttemptSeconds },
      stopTimeout: stopSeconds,
      logConfiguration,
    },
  ];
}

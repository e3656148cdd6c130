import { at, duplicate, forbidden, notFound, required, tooLong, under, type FieldError } from '../../field-errors.ts';
import { oneOf, optionalText, portNumber, repetitions, requiredOneOf, requiredText } from '../../field-rules.ts';
import { maximumImageLength } from '../../limits.ts';
import { labelProblems } from '../../names.ts';
import { portNameProblems, protocols } from '../../port.ts';
import type { Container, ContainerPort } from '../container.ts';
import { validateEnvironment, validateEnvironmentSources } from './environment.ts';
import { validateLifecycle, validateProbe } from './handler.ts';
import { validateDevices, validateMounts } from './mount.ts';
import type { PodSpec } from '../pod-spec.ts';
import { validateResizePolicy } from './resize-policy.ts';
import { validateResources } from './resources.ts';
import { validateSecurityContext } from './security.ts';
import type { Volume } from '../volume.ts';

/** What containers are held against. */
export interface ContainerSurroundings {
  readonly spec: PodSpec;
  readonly volumes: ReadonlyMap<string, Volume>;
  /** The names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>;
}

/** Everything wrong with the containers of all sorts; `path` is the spec's. */
export const validateContainers = (surroundings: ContainerSurroundings, path: string): readonly FieldError[] => [
  ...validateRegular(surroundings, under(path, 'containers')),
  ...validateInit(surroundings, under(path, 'initContainers')),
  ...validateEphemeral(surroundings, under(path, 'ephemeralContainers')),
];

function validateRegular(surroundings: ContainerSurroundings, path: string): readonly FieldError[] {
  const { containers } = surroundings.spec;
  const again = repeatedNames(containers);
  if (containers.length === 0) return [required(path)];
  return [
    ...containers.flatMap((container, index) => [
      ...validateContainer(container, at(path, index), surroundings),
      ...(again.has(index) ? [duplicate(under(at(path, index), 'name'), container.name)] : []),
      ...validateHooks(container, at(path, index), surroundings),
      ...(container.restartPolicy === undefined
        ? []
        : [forbidden(under(at(path, index), 'restartPolicy'), 'may not be set for non-init containers')]),
    ]),
    ...hostPortConflicts(containers.map((container, index) => ({ container, path: at(path, index) }))),
  ];
}

/** Init containers that restart are sidecars, and may have what regular containers have. */
function validateInit(surroundings: ContainerSurroundings, path: string): readonly FieldError[] {
  const { containers, initContainers = [] } = surroundings.spec;
  const again = repeatedNames([...containers, ...initContainers]);
  return initContainers.flatMap((container, index) => [
    ...validateContainer(container, at(path, index), surroundings),
    ...oneOf(under(at(path, index), 'restartPolicy'), container.restartPolicy, ['Always']),
    ...(again.has(containers.length + index) ? [duplicate(under(at(path, index), 'name'), container.name)] : []),
    ...hostPortConflicts([{ container, path: at(path, index) }]),
    ...(container.restartPolicy === 'Always'
      ? validateHooks(container, at(path, index), surroundings)
      : hooks
          .filter((field) => container[field] !== undefined)
          .map((field) =>
            forbidden(under(at(path, index), field), 'may not be set for init containers without restartPolicy=Always'),
          )),
  ]);
}

const hooks = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const notEphemeral = ['ports', 'resizePolicy', 'restartPolicy', ...hooks] as const;

/** Containers for debugging, which no service may depend on. */
function validateEphemeral(surroundings: ContainerSurroundings, path: string): readonly FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = surroundings.spec;
  const others = [...containers, ...initContainers];
  const again = repeatedNames([...others, ...ephemeralContainers]);
  const targets = new Set(others.map((each) => each.name));
  return ephemeralContainers.flatMap((container, index) => {
    const place = at(path, index);
    const { targetContainerName: target, resources = {} } = container;
    return [
      ...validateContainer(container, place, surroundings),
      ...(again.has(others.length + index) ? [duplicate(under(place, 'name'), container.name)] : []),
      ...(target && !targets.has(target) ? [notFound(under(place, 'targetContainerName'), target)] : []),
      ...[
        ...notEphemeral.filter((field) => container[field] !== undefined),
        ...(Object.keys(resources).length > 0 ? ['resources'] : []),
      ].map((field) => forbidden(under(place, field), 'cannot be set for an Ephemeral Container')),
    ];
  });
}

function validateContainer(
  container: Container,
  path: string,
  { spec, volumes, claims }: ContainerSurroundings,
): readonly FieldError[] {
  return [
    ...requiredText(under(path, 'name'), container.name, labelProblems),
    ...requiredText(under(path, 'image'), container.image),
    ...((container.image ?? '').length > maximumImageLength ? [tooLong(under(path, 'image'), maximumImageLength)] : []),
    ...requiredOneOf(under(path, 'terminationMessagePolicy'), container.terminationMessagePolicy, [
      'File',
      'FallbackToLogsOnError',
    ]),
    ...validatePorts(container.ports ?? [], under(path, 'ports')),
    ...validateEnvironment(container.env ?? [], under(path, 'env')),
    ...validateEnvironmentSources(container.envFrom ?? [], under(path, 'envFrom')),
    ...validateMounts(container, under(path, 'volumeMounts'), volumes),
    ...validateDevices(container, under(path, 'volumeDevices'), volumes),
    ...requiredOneOf(under(path, 'imagePullPolicy'), container.imagePullPolicy, ['Always', 'IfNotPresent', 'Never']),
    ...validateResources(container.resources ?? {}, under(path, 'resources'), claims),
    ...validateResizePolicy(container.resizePolicy ?? [], under(path, 'resizePolicy'), spec.restartPolicy),
    ...validateSecurityContext(container.securityContext, under(path, 'securityContext'), spec.hostUsers !== false),
  ];
}

function validateHooks(container: Container, path: string, { spec }: ContainerSurroundings): readonly FieldError[] {
  const graceSeconds = spec.terminationGracePeriodSeconds ?? 30;
  const { lifecycle } = container;
  const uses = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
  return [
    ...(lifecycle === undefined ? [] : validateLifecycle(lifecycle, under(path, 'lifecycle'), graceSeconds)),
    ...uses.flatMap((use) => {
      const probe = container[use];
      return probe === undefined ? [] : validateProbe(probe, { use, path: under(path, use), graceSeconds });
    }),
  ];
}

interface Named {
  readonly name: string;
}

/** Those without a name are told so, and not to be alike. */
const repeatedNames = (named: readonly Named[]): ReadonlySet<number> =>
  repetitions(named.map(({ name }, index) => name || `#${index}`));

function validatePorts(ports: readonly ContainerPort[], path: string): readonly FieldError[] {
  const again = repetitions(ports.map(({ name }, index) => name || `#${index}`));
  return ports.flatMap((port, index) => {
    const place = at(path, index);
    return [
      ...validatePortName(port.name, again.has(index), under(place, 'name')),
      ...(port.containerPort === 0
        ? [required(under(place, 'containerPort'))]
        : portNumber(under(place, 'containerPort'), port.containerPort)),
      ...(port.hostPort ? portNumber(under(place, 'hostPort'), port.hostPort) : []),
      ...requiredOneOf(under(place, 'protocol'), port.protocol, protocols),
    ];
  });
}

function validatePortName(name: string | undefined, again: boolean, path: string): readonly FieldError[] {
  const problems = optionalText(path, name, portNameProblems);
  return problems.length === 0 && again ? [duplicate(path, name)] : problems;
}

/** Ports of the node, each of which one container can have. */
function hostPortConflicts(
  placed: readonly { readonly container: Container; readonly path: string }[],
): readonly FieldError[] {
  const taken = new Set<string>();
  return placed.flatMap(({ container, path }) =>
    (container.ports ?? []).flatMap(({ protocol = '', hostIP = '', hostPort }, index) => {
      if (!hostPort) return [];
      const text = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(text)) return [duplicate(under(at(under(path, 'ports'), index), 'hostPort'), text)];
      taken.add(text);
      return [];
    }),
  );
}

import { honoured, refused, warned, whole, type Decision, type SupportTree, type Whole } from './decision.ts';

const byReference = honoured('by reference from Secrets Manager; told when command or args have it in them');

const httpGetLeaves = 'host httpHeaders[].name httpHeaders[].value path port scheme';

/**
 * One ECS health check runs all probes of a container, in any image (toolbox/probe-script.ts). ECS ends a task for failures
 * only after `startPeriod` when it has not been ready before.
 */
const probe = (field: string): SupportTree => ({
  exec: { 'command[]': honoured() },
  failureThreshold: honoured(),
  grpc: whole(
    warned('checked by a connection to the port: the service behind it is not asked for its health'),
    'port service',
  ),
  httpGet: {
    host: honoured('127.0.0.1 without one'),
    'httpHeaders[]': { name: honoured(), value: honoured() },
    path: honoured(),
    port: honoured('told when the container has none of that name'),
    scheme: warned('a server that refuses the small TLS of the probe is taken to be well: it has answered', {
      unless: ['HTTP'],
    }),
  },
  initialDelaySeconds: honoured('told above 300 s'),
  periodSeconds: honoured('from 5 s; told when another value is used'),
  successThreshold: honoured(),
  tcpSocket: {
    host: honoured('127.0.0.1 without one'),
    port: honoured('told when the container has none of that name'),
  },
  terminationGracePeriodSeconds: warned(`the pod's own grace period counts, also when its ${field} fails`),
  timeoutSeconds: honoured('up to 55 s; told when more is asked for'),
});

const handler = (reason: string): Whole =>
  whole(warned(reason), 'exec.command[] sleep.seconds tcpSocket.host tcpSocket.port', { httpGet: httpGetLeaves });

const optionalKey = (name: Decision): SupportTree => ({ key: honoured(), name, optional: honoured() });

/** Docker's default capabilities: what a container has on Fargate without asking. */
export const defaultCapabilities: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

const windows = whole(
  refused('there are no Windows containers'),
  'gmsaCredentialSpec gmsaCredentialSpecName hostProcess runAsUserName',
);
const seLinux = whole(warned('Fargate has no SELinux'), 'level role type user');
const appArmor: SupportTree = {
  localhostProfile: warned('Fargate uses its own AppArmor profile'),
  type: warned('Fargate uses its own AppArmor profile', { unless: ['RuntimeDefault'] }),
};
const seccomp: SupportTree = {
  localhostProfile: warned('Fargate uses its own seccomp profile'),
  type: warned('Fargate uses its own seccomp profile', { unless: ['RuntimeDefault'] }),
};

/** What the security contexts of pods and of containers have in common. */
export const sharedSecurity: SupportTree = {
  appArmorProfile: appArmor,
  runAsGroup: honoured('together with runAsUser; told when it stands alone'),
  runAsNonRoot: honoured('checked against runAsUser; told when only the image says the user'),
  runAsUser: honoured(),
  seLinuxOptions: seLinux,
  seccompProfile: seccomp,
  windowsOptions: windows,
};

/**
 * Amounts in `limits` and `requests`. Requests of CPU and limits of memory make the size of the task, whose containers
 * share its CPU; ephemeral storage above the 20 GiB that every task has is the task's too.
 */
export const amounts = honoured('cpu, memory and ephemeral-storage up to 200 GiB; other resources are refused', {
  otherKeys: {
    known: ['cpu', 'memory', 'ephemeral-storage'],
    decision: refused('Fargate has no such resource'),
  },
});

const noDevices = refused('Fargate has no devices');

/** One container, of either list. */
export const containerSupport: SupportTree = {
  'args[]': honoured(),
  'command[]': honoured(),
  'env[]': {
    name: honoured(),
    value: honoured('with $(NAME) expanded'),
    valueFrom: {
      configMapKeyRef: optionalKey(honoured()),
      fieldRef: {
        apiVersion: honoured(),
        fieldPath: honoured('told for what is known only when the pod runs'),
      },
      resourceFieldRef: { containerName: honoured(), divisor: honoured(), resource: honoured() },
      secretKeyRef: optionalKey(byReference),
    },
  },
  'envFrom[]': {
    configMapRef: { name: honoured(), optional: honoured() },
    prefix: honoured(),
    secretRef: { name: byReference, optional: honoured() },
  },
  image: honoured(),
  imagePullPolicy: warned('Fargate keeps no images: each task pulls its own', { unless: ['Always', 'IfNotPresent'] }),
  lifecycle: {
    postStart: handler('postStart is not run'),
    preStop: handler('preStop is not run: the container gets its stop signal at once'),
    stopSignal: warned('the stop signal is what the image says, or SIGTERM'),
  },
  livenessProbe: probe('livenessProbe'),
  name: honoured(),
  'ports[]': {
    containerPort: honoured(),
    hostIP: warned('every pod has an address of its own: there is no host to bind to'),
    hostPort: warned('every pod has an address of its own: the port is open there, not on a node'),
    name: honoured(),
    protocol: refused('ECS has TCP and UDP', { unless: ['TCP', 'UDP'] }),
  },
  readinessProbe: probe('readinessProbe'),
  'resizePolicy[]': {
    resourceName: warned('tasks are replaced to change their size', { unless: ['cpu', 'memory'] }),
    restartPolicy: warned('tasks are replaced to change their size', { unless: ['NotRequired'] }),
  },
  resources: {
    'claims[]': { name: noDevices, request: noDevices },
    limits: amounts,
    requests: amounts,
  },
  restartPolicy: honoured('Always makes an init container a sidecar'),
  securityContext: {
    ...sharedSecurity,
    allowPrivilegeEscalation: warned('Fargate cannot keep processes from gaining privileges (no_new_privs)', {
      unless: [true],
    }),
    capabilities: {
      'add[]': refused('Fargate adds no capability but SYS_PTRACE', { unless: ['SYS_PTRACE', ...defaultCapabilities] }),
      'drop[]': honoured(),
    },
    privileged: refused('Fargate has no privileged containers', { unless: [false] }),
    procMount: refused('Fargate masks /proc', { unless: ['Default'] }),
    readOnlyRootFilesystem: honoured(),
  },
  startupProbe: probe('startupProbe'),
  stdin: honoured(),
  stdinOnce: warned('stdin stays open', { unless: [false] }),
  terminationMessagePath: warned('termination messages are not read', { unless: ['/dev/termination-log'] }),
  terminationMessagePolicy: warned('termination messages are not read', { unless: ['File'] }),
  tty: honoured(),
  'volumeDevices[]': { devicePath: noDevices, name: noDevices },
  'volumeMounts[]': {
    mountPath: honoured(),
    mountPropagation: refused('mounts are not passed on between containers', { unless: ['None'] }),
    name: honoured(),
    readOnly: honoured(),
    recursiveReadOnly: refused('ECS has no mounts that are read-only all the way down', { unless: ['Disabled'] }),
    subPath: refused('ECS mounts whole volumes only'),
    subPathExpr: refused('ECS mounts whole volumes only'),
  },
  workingDir: honoured(),
};

/** The container of `kubectl debug`: the same fields, none of them possible, since a task's containers are fixed. */
export const ephemeralContainers = refused('the containers of a task are fixed when it starts');

import type { Descriptions } from './descriptions.ts';

/** What containers of all kinds have. */
const containerFields = {
  args: 'Arguments of the command, in place of those of the image. $(NAME) stands for a variable.',
  command: 'What to run in place of the entrypoint of the image; no shell is used. $(NAME) stands for a variable.',
  env: 'Environment variables, each by itself. They go before those of envFrom.',
  envFrom: 'ConfigMaps and Secrets all of whose entries become environment variables.',
  image: 'The image to run, like nginx:1.27; it is pulled from its registry by each task.',
  imagePullPolicy: 'When to pull the image. Every task pulls its own on Fargate: Never is warned about.',
  lifecycle: 'Hooks after the start and before the stop. Skiff does not run them yet, and warns.',
  livenessProbe:
    'Check that replaces the container when it fails. Runs if it is an exec probe and no other probe takes the one ECS health check.',
  name: 'Name of the container, unique in the pod.',
  ports: 'Ports that the container listens on. Only tells of them: others can be reached as well.',
  readinessProbe:
    'Check that says when the container may get traffic. If it is an exec probe ECS runs it, and replaces a container that stays unready.',
  resizePolicy: 'Whether a change of size restarts the container. Tasks are always replaced for it.',
  resources:
    'CPU, memory and disk that the container needs and may use. Those of all containers pick the Fargate size.',
  restartPolicy: 'Always makes an init container a sidecar that runs beside the others. Refused in other containers.',
  securityContext: 'User and limits of this container; goes before that of the pod.',
  startupProbe:
    'Check that gives a slow container time to start. Its time, up to 300 s, goes into the one ECS health check, if it is an exec probe.',
  stdin: 'Whether the container has a standard input that can be attached to.',
  stdinOnce: 'Whether standard input closes after the first client. Warned about: it stays open.',
  terminationMessagePath:
    'File in which the container leaves a last word. Not read by Skiff; other paths are warned about.',
  terminationMessagePolicy: 'Where the last word comes from. Not read by Skiff; FallbackToLogsOnError is warned about.',
  tty: 'Whether the container has a terminal; it needs stdin too.',
  volumeDevices: 'Raw disks in the container. Refused: Fargate has no devices.',
  volumeMounts: 'Where the volumes of the pod stand in the file system of the container.',
  workingDir: 'Directory that the command starts in, in place of that of the image.',
} as const;

/** Containers, their ports, environment, sizes and mounts. */
export const containerDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Container': {
    '': 'One program of a pod: an image, how it is started and what it gets. Becomes a container of the ECS task.',
    ...containerFields,
  },
  'io.k8s.api.core.v1.EphemeralContainer': {
    '': 'A container that `kubectl debug` adds to a running pod. Refused: the containers of a task are fixed when it starts.',
    ...containerFields,
    targetContainerName: 'The container whose processes it would see.',
  },
  'io.k8s.api.core.v1.ContainerPort': {
    '': 'A port that a container listens on.',
    containerPort: 'The port, from 1 to 65535.',
    hostIP: 'Address of the machine to listen on. Warned about: every pod has an address of its own.',
    hostPort: 'Port of the machine to open. Warned about: the port is open at the address of the pod.',
    name: 'Name by which Services and probes can refer to the port, unique in the pod.',
    protocol: 'TCP or UDP; TCP unless said. SCTP is refused: ECS does not have it.',
  },
  'io.k8s.api.core.v1.ContainerResizePolicy': {
    '': 'What a change of one resource does to a running container.',
    resourceName: 'cpu or memory.',
    restartPolicy:
      'NotRequired or RestartContainer. The latter is warned about: tasks are replaced to change their size.',
  },
  'io.k8s.api.core.v1.EnvVar': {
    '': 'One environment variable: with a value, or with a place to take it from.',
    name: 'Name of the variable.',
    value: 'Its value. $(NAME) stands for a variable set before, $$(NAME) for the text itself.',
    valueFrom: 'Where the value comes from, when it is not written here.',
  },
  'io.k8s.api.core.v1.EnvVarSource': {
    '': 'Where the value of a variable comes from: just one of these.',
    configMapKeyRef:
      'An entry of a ConfigMap. It is read when the task definition is made, and stays the same from then on.',
    fieldRef: 'A field of the pod, such as metadata.namespace.',
    resourceFieldRef: 'A request or limit of a container.',
    secretKeyRef: 'An entry of a Secret. Warned about: its value is written in clear into the task definition.',
  },
  'io.k8s.api.core.v1.EnvFromSource': {
    '': 'A ConfigMap or Secret whose entries all become variables.',
    configMapRef: 'The ConfigMap.',
    prefix: 'Put before the name of each variable.',
    secretRef: 'The Secret. Warned about: its values are written in clear into the task definition.',
  },
  'io.k8s.api.core.v1.ConfigMapEnvSource': {
    '': 'A ConfigMap of the namespace that variables are taken from.',
    name: 'Name of the ConfigMap.',
    optional: 'Whether the pod starts when it is missing; otherwise it waits for it.',
  },
  'io.k8s.api.core.v1.SecretEnvSource': {
    '': 'A Secret of the namespace that variables are taken from.',
    name: 'Name of the Secret.',
    optional: 'Whether the pod starts when it is missing; otherwise it waits for it.',
  },
  'io.k8s.api.core.v1.ConfigMapKeySelector': {
    '': 'One entry of a ConfigMap of the namespace.',
    key: 'Name of the entry.',
    name: 'Name of the ConfigMap.',
    optional: 'Whether the pod starts without the variable when it is missing; otherwise it waits for it.',
  },
  'io.k8s.api.core.v1.SecretKeySelector': {
    '': 'One entry of a Secret of the namespace.',
    key: 'Name of the entry.',
    name: 'Name of the Secret.',
    optional: 'Whether the pod starts without the variable when it is missing; otherwise it waits for it.',
  },
  'io.k8s.api.core.v1.ObjectFieldSelector': {
    '': 'A field of the pod itself.',
    apiVersion: 'Version that the path is meant in, v1 unless said.',
    fieldPath:
      "Path of the field: metadata.namespace, metadata.labels['…'], … What is known only once the task runs, as status.podIP, is warned about and left unset.",
  },
  'io.k8s.api.core.v1.ResourceFieldSelector': {
    '': 'Which container and resource, and the unit of the answer.',
    containerName: 'The container; this one unless said.',
    divisor: 'Unit of the answer, 1 unless said: it is divided by this and rounded up.',
    resource: 'What to answer: limits or requests, then cpu, memory or ephemeral-storage, as in limits.cpu.',
  },
  'io.k8s.api.core.v1.ResourceRequirements': {
    '': 'How much of each resource is needed, and how much may be used.',
    claims: 'Claims of the pod on devices. Refused: Fargate has none.',
    limits:
      'The most that may be used: cpu, memory, ephemeral-storage up to 200Gi; others are refused. Memory counts for the Fargate size.',
    requests:
      'What is needed, the limits unless said. CPU counts for the Fargate size; the containers of a task share it.',
  },
  'io.k8s.api.core.v1.ResourceClaim': {
    '': 'A claim of the pod that a container uses.',
    name: 'Name of the claim in the pod spec.',
    request: 'Only this request of the claim, in place of all.',
  },
  'io.k8s.api.core.v1.VolumeMount': {
    '': 'Where a volume stands in a container.',
    mountPath: 'Path in the container.',
    mountPropagation: 'Whether mounts inside it are passed on. Anything but None is refused.',
    name: 'Name of the volume in the pod spec.',
    readOnly: 'Whether the container cannot write to it; it can unless said.',
    recursiveReadOnly: 'Whether mounts beneath are read-only too. Anything but Disabled is refused.',
    subPath: 'Part of the volume to mount. Refused: ECS mounts whole volumes only.',
    subPathExpr: 'The same with variables in it. Refused: ECS mounts whole volumes only.',
  },
  'io.k8s.api.core.v1.VolumeDevice': {
    '': 'A raw disk in a container. Refused: Fargate has no devices.',
    devicePath: 'Path of the device in the container.',
    name: 'Name of the volume in the pod spec.',
  },
};

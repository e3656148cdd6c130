import { objectFields, type Descriptions } from './descriptions.ts';

/** Pods and what is said of a pod as a whole. */
export const podDescriptions: Descriptions = {
  'io.k8s.api.core.v1.Pod': {
    '': 'Containers that run together and share an address and volumes: one ECS task on Fargate.',
    ...objectFields,
    spec: 'What is to run.',
    status: 'How it runs. Kept by Skiff from what ECS tells.',
  },
  'io.k8s.api.core.v1.PodTemplateSpec': {
    '': 'The pods that a workload makes: their labels and what they run. Becomes a task definition.',
    metadata: 'Labels and annotations of the pods; the labels must match the selector of the workload.',
    spec: 'What each pod is to run.',
  },
  'io.k8s.api.core.v1.PodSpec': {
    '': 'What a pod runs and how: containers, volumes, user, restarts and where it is placed.',
    activeDeadlineSeconds:
      'Seconds after which the pod should be ended. Skiff does not keep the deadline yet, and warns.',
    affinity: 'Wishes on where the pod runs. Fargate has no nodes to choose: warned about.',
    automountServiceAccountToken:
      'Whether containers get a token for the Kubernetes API. Skiff mounts none yet, and warns unless this is false.',
    containers: 'The containers that run side by side; at least one.',
    dnsConfig: 'Name servers and search domains of its own. Not used: the DNS of the VPC resolves names; warned about.',
    dnsPolicy:
      'Which DNS the pod asks. It is always the DNS of the VPC: None and ClusterFirstWithHostNet are warned about.',
    enableServiceLinks:
      'Whether each Service should appear in environment variables. Skiff sets none, whatever is said here.',
    ephemeralContainers: 'Containers that `kubectl debug` adds to a running pod. Refused: those of a task are fixed.',
    hostAliases: 'Lines for /etc/hosts. Refused: Fargate cannot write that file.',
    hostIPC: 'Whether to share the IPC namespace of the machine. Refused: Fargate has no host to share.',
    hostNetwork: 'Whether to use the network of the machine. Warned about: every task has an address of its own.',
    hostPID: 'Whether to see the processes of the machine. Refused: Fargate has no host to share.',
    hostUsers: 'Whether user ids are those of the machine, as they are by default. False is warned about.',
    hostname: 'Host name inside the pod. Warned about: that of a task belongs to its network interface.',
    imagePullSecrets:
      'Secrets for a private registry. Warned about: images are pulled with the execution role of the installation.',
    initContainers:
      'Containers that run one after another before the others start. One with restartPolicy Always runs on, as a sidecar.',
    nodeName:
      'The node that the pod runs on. Skiff fills in the one of the Availability Zone; asking for one is warned about.',
    nodeSelector:
      'Labels of the node to run on: kubernetes.io/arch picks amd64 or arm64, kubernetes.io/os is linux; others are warned about.',
    os: 'Operating system of the containers. Only linux runs; windows is refused.',
    overhead: 'What the runtime itself takes. Warned about: Fargate adds nothing to what containers ask for.',
    preemptionPolicy: 'Whether less important pods may make way. Skiff pushes nobody out.',
    priority: 'Importance as a number. Warned about unless 0: tasks have no priority.',
    priorityClassName: 'Importance by name. Warned about: tasks have no priority.',
    readinessGates:
      'Conditions of others that a pod waits for to be ready. Warned about: only containers make it ready.',
    resourceClaims: 'Devices that the pod uses. Refused: Fargate has none.',
    resources:
      'CPU and memory for the pod as a whole; counts when it is more than its containers ask for. Together they pick the Fargate size.',
    restartPolicy:
      'When a container that ended runs again: Always, OnFailure or Never; Always unless said. Skiff starts another task for it.',
    runtimeClassName: 'Which runtime runs the containers. Warned about: Fargate has one.',
    schedulerName:
      'Who places the pod, default-scheduler unless said. Another one is warned about: ECS places every pod.',
    schedulingGates: 'Reasons not to start yet. Refused: a gated pod would start at once.',
    securityContext: 'User, groups and limits of all containers, which each may overrule.',
    serviceAccount: 'Older name of serviceAccountName, kept the same and warned about like it.',
    serviceAccountName:
      'The account that the containers act as, “default” unless said. Skiff does not hand out its role or token yet; others are warned about.',
    setHostnameAsFQDN: 'Whether the host name includes the domain. Warned about: that of a task is not chosen.',
    shareProcessNamespace: 'Whether the containers see one another’s processes.',
    subdomain: 'Domain part of the host name. Warned about: the host name of a task is that of its network interface.',
    terminationGracePeriodSeconds:
      'Seconds between the stop signal and the kill, 30 unless said. Fargate takes 2 to 120: more becomes 120, with a warning.',
    tolerations: 'Taints of nodes that the pod puts up with. Skiff’s nodes have none, so it makes no difference.',
    topologySpreadConstraints:
      'How pods are spread over nodes or zones. Warned about: ECS spreads tasks over the zones by itself.',
    volumes: 'What containers can mount. Only emptyDir works so far; other kinds are refused.',
  },
  'io.k8s.api.core.v1.PodDNSConfig': {
    '': 'Settings of the resolver for one pod.',
    nameservers: 'Addresses of name servers.',
    options: 'Options of the resolver, such as ndots.',
    searches: 'Domains that are tried after a short name.',
  },
  'io.k8s.api.core.v1.PodDNSConfigOption': {
    '': 'One option of the resolver.',
    name: 'Name of the option, like ndots.',
    value: 'Its value, for those that have one.',
  },
  'io.k8s.api.core.v1.HostAlias': {
    '': 'An address and its names, as a line of /etc/hosts has them.',
    hostnames: 'Names for the address.',
    ip: 'The address.',
  },
  'io.k8s.api.core.v1.PodOS': {
    '': 'Operating system that the containers are made for.',
    name: 'linux; windows is refused.',
  },
  'io.k8s.api.core.v1.PodReadinessGate': {
    '': 'A condition without which the pod should not count as ready.',
    conditionType: 'Type of the condition. Warned about: only containers make a pod ready.',
  },
  'io.k8s.api.core.v1.PodSchedulingGate': {
    '': 'A reason for the pod not to start yet.',
    name: 'Name of the gate.',
  },
  'io.k8s.api.core.v1.PodResourceClaim': {
    '': 'A claim on a device, to be used by containers.',
    name: 'Name by which containers refer to the claim.',
    resourceClaimName: 'A ResourceClaim that is there already.',
    resourceClaimTemplateName: 'A template from which each pod gets a claim of its own.',
  },
};

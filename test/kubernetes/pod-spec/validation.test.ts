import { describe, test } from 'vitest';
import { pod, type Container, type PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { containerOf, podOf, texts } from './pods.ts';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const port = 'must be between 1 and 65535, inclusive';

type SpecCase = readonly [name: string, spec: Partial<PodSpec>, errors: readonly string[]];
type ContainerCase = readonly [name: string, container: Partial<Container>, errors: readonly string[]];

const specCases: readonly SpecCase[] = [
  ['a pod without containers', { containers: [] }, ['spec.containers: Required value']],
  [
    'two containers of one name',
    { containers: [containerOf(), containerOf()] },
    ['spec.containers[1].name: Duplicate value: "c"'],
  ],
  [
    'an init container named as a container',
    { initContainers: [containerOf()] },
    ['spec.initContainers[0].name: Duplicate value: "c"'],
  ],
  [
    'an init container with a probe',
    { initContainers: [containerOf({ name: 'i', livenessProbe: { tcpSocket: { port: 1 } } })] },
    [
      'spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  ],
  [
    'an init container that restarts on failure',
    { initContainers: [containerOf({ name: 'i', restartPolicy: 'OnFailure' })] },
    ['spec.initContainers[0].restartPolicy: Unsupported value: "OnFailure": supported values: "Always"'],
  ],
  [
    'an unknown restart policy',
    { restartPolicy: 'X' },
    ['spec.restartPolicy: Unsupported value: "X": supported values: "Always", "OnFailure", "Never"'],
  ],
  [
    'an unknown DNS policy',
    { dnsPolicy: 'X' },
    [
      'spec.dnsPolicy: Unsupported value: "X": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  ],
  [
    'the DNS policy None without servers',
    { dnsPolicy: 'None', dnsConfig: {} },
    ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
  ],
  [
    'a DNS server by name',
    { dnsConfig: { nameservers: ['dns'] } },
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "dns": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
  ],
  ['a volume without a name', { volumes: [{ name: '', emptyDir: {} }] }, ['spec.volumes[0].name: Required value']],
  [
    'a volume of two types',
    { volumes: [{ name: 'v', emptyDir: {}, hostPath: { path: '/var' } }] },
    ['spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type'],
  ],
  [
    'two volumes of one name',
    {
      volumes: [
        { name: 'v', emptyDir: {} },
        { name: 'v', emptyDir: {} },
      ],
    },
    ['spec.volumes[1].name: Duplicate value: "v"'],
  ],
  [
    'volumes that name nothing',
    {
      volumes: [
        { name: 'a', secret: {} },
        { name: 'b', configMap: {} },
        { name: 'c', persistentVolumeClaim: { claimName: '' } },
        { name: 'd', nfs: { server: '', path: 'x' } },
        { name: 'e', hostPath: { path: '' } },
      ],
    },
    [
      'spec.volumes[0].secret.secretName: Required value',
      'spec.volumes[1].configMap.name: Required value',
      'spec.volumes[2].persistentVolumeClaim.claimName: Required value',
      'spec.volumes[3].nfs.server: Required value',
      'spec.volumes[3].nfs.path: Invalid value: "x": must be an absolute path',
      'spec.volumes[4].hostPath.path: Required value',
    ],
  ],
  [
    'files outside of their volume',
    {
      volumes: [
        {
          name: 'v',
          configMap: {
            name: 'm',
            items: [
              { key: 'k', path: '../x' },
              { key: '', path: '/x', mode: 512 },
            ],
          },
        },
      ],
    },
    [
      'spec.volumes[0].configMap.items[0].path: Invalid value: "../x": must not contain \'..\'',
      'spec.volumes[0].configMap.items[1].key: Required value',
      'spec.volumes[0].configMap.items[1].path: Invalid value: "/x": must be a relative path',
      'spec.volumes[0].configMap.items[1].mode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive',
    ],
  ],
  [
    'projected files of one path',
    {
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [
              { secret: { name: 's', items: [{ key: 'k', path: 'x' }] } },
              { configMap: { name: 'm', items: [{ key: 'k', path: 'x' }] } },
              { serviceAccountToken: { path: 'token', expirationSeconds: 5 } },
            ],
          },
        },
      ],
    },
    [
      'spec.volumes[0].projected.sources[2].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
      'spec.volumes[0].projected: Invalid value: "m": conflicting duplicate paths',
    ],
  ],
  [
    'tolerations that contradict themselves',
    { tolerations: [{ operator: 'Equal' }, { key: 'a', operator: 'Exists', value: 'b', tolerationSeconds: 1 }] },
    [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[1].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[1].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'',
    ],
  ],
  [
    'an affinity without terms',
    { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
    ],
  ],
  [
    'a pod affinity that says too little',
    {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 0,
              podAffinityTerm: {
                topologyKey: 'zone',
                labelSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
              },
            },
          ],
        },
      },
    },
    [
      'spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the range 1-100',
      "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  ],
  [
    'spread that cannot be',
    { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'X', labelSelector: {} }] },
    [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "X": supported values: "DoNotSchedule", "ScheduleAnyway"',
    ],
  ],
  [
    'users that cannot be',
    { securityContext: { runAsUser: -1, fsGroup: 3_000_000_000, supplementalGroups: [-2] } },
    [
      'spec.securityContext.fsGroup: Invalid value: 3000000000: must be between 0 and 2147483647, inclusive',
      'spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive',
      'spec.securityContext.supplementalGroups[0]: Invalid value: -2: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    'names that cannot be',
    { hostname: 'A', subdomain: 'a.b', activeDeadlineSeconds: 0 },
    [
      'spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive',
      `spec.hostname: Invalid value: "A": ${label}`,
      `spec.subdomain: Invalid value: "a.b": ${label}`,
    ],
  ],
  [
    'host aliases that are none',
    { hostAliases: [{ ip: 'x', hostnames: ['a_b'] }] },
    [
      'spec.hostAliases[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      "spec.hostAliases[0].hostnames[0]: Invalid value: \"a_b\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  ],
  [
    'two containers on one port of the node',
    {
      containers: [
        containerOf({ ports: [{ containerPort: 80, hostPort: 80 }] }),
        containerOf({ name: 'd', ports: [{ containerPort: 81, hostPort: 80 }] }),
      ],
    },
    ['spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  ],
  [
    'containers for debugging in a new pod',
    { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] },
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
];

describe('a pod spec', () => {
  test('is right as the tests make it', ({ expect }) => {
    expect(pod.validate(podOf())).toEqual([]);
  });

  test.for(specCases)('refuses %s', ([, spec, errors], { expect }) => {
    expect(texts(pod.validate(podOf(spec)))).toEqual(errors);
  });

  test.for<Partial<PodSpec>>([
    { terminationGracePeriodSeconds: -1 },
    {
      initContainers: [
        containerOf({ name: 'side', restartPolicy: 'Always', readinessProbe: { tcpSocket: { port: 1 } } }),
      ],
    },
    { dnsPolicy: 'None', dnsConfig: { nameservers: ['::1'], searches: ['.', 'a_b.local.', '_tcp.example.com'] } },
    { tolerations: [{ operator: 'Exists' }, { key: 'a', value: 'b', effect: 'NoSchedule' }] },
    { securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] } },
    { volumes: [{ name: 'v', configMap: { name: 'm', items: [{ key: 'k', path: 'deep/x..y' }] } }] },
    { shareProcessNamespace: true, hostUsers: false, runtimeClassName: 'gvisor' },
  ])('takes %j', (spec, { expect }) => {
    expect(texts(pod.validate(podOf(spec)))).toEqual([]);
  });
});

const containerCases: readonly ContainerCase[] = [
  ['no image', { image: '' }, ['spec.containers[0].image: Required value']],
  [
    'an image in blanks',
    { image: ' nginx' },
    ['spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace'],
  ],
  ['no name', { name: '' }, ['spec.containers[0].name: Required value']],
  ['a bad name', { name: 'C_' }, [`spec.containers[0].name: Invalid value: "C_": ${label}`]],
  [
    'an unknown pull policy',
    { imagePullPolicy: 'X' },
    ['spec.containers[0].imagePullPolicy: Unsupported value: "X": supported values: "Always", "IfNotPresent", "Never"'],
  ],
  [
    'a port above all',
    { ports: [{ containerPort: 70_000 }] },
    [`spec.containers[0].ports[0].containerPort: Invalid value: 70000: ${port}`],
  ],
  [
    'ports that are none',
    {
      ports: [
        { containerPort: 0, protocol: 'tcp', name: 'a--b' },
        { containerPort: 1, hostPort: -1, name: 'Web' },
      ],
    },
    [
      'spec.containers[0].ports[0].name: Invalid value: "a--b": must not contain consecutive hyphens',
      'spec.containers[0].ports[0].containerPort: Required value',
      'spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
      'spec.containers[0].ports[1].name: Invalid value: "Web": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      `spec.containers[0].ports[1].hostPort: Invalid value: -1: ${port}`,
    ],
  ],
  [
    'two ports of one name',
    {
      ports: [
        { containerPort: 1, name: 'a' },
        { containerPort: 2, name: 'a' },
      ],
    },
    ['spec.containers[0].ports[1].name: Duplicate value: "a"'],
  ],
  ['a variable without a name', { env: [{ name: '' }] }, ['spec.containers[0].env[0].name: Required value']],
  [
    'a variable with an equals sign',
    { env: [{ name: '1a=b' }] },
    [
      'spec.containers[0].env[0].name: Invalid value: "1a=b": a valid environment variable name must consist only of printable ASCII characters other than \'=\'',
    ],
  ],
  [
    'a variable with a value and a source',
    { env: [{ name: 'A', value: 'x', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
    ['spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty'],
  ],
  [
    'a variable from nowhere, and one from a place without a name',
    {
      env: [
        { name: 'A', valueFrom: {} },
        { name: 'B', valueFrom: { configMapKeyRef: { name: 'm', key: '' } } },
      ],
    },
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      'spec.containers[0].env[1].valueFrom.configMapKeyRef.key: Required value',
    ],
  ],
  [
    'fields that a variable cannot show',
    {
      env: [
        { name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.labels' } } },
        { name: 'B', valueFrom: { fieldRef: { fieldPath: 'spec.containers' } } },
        { name: 'C', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1Mi' } } },
      ],
    },
    [
      'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "metadata.labels": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"',
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.containers": error converting fieldPath: field label not supported: spec.containers',
      'spec.containers[0].env[2].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
    ],
  ],
  [
    'variables from nothing',
    { envFrom: [{}, { secretRef: {} }] },
    [
      'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
      'spec.containers[0].envFrom[1].secretRef.name: Required value',
    ],
  ],
  [
    'a mount of no volume',
    { volumeMounts: [{ name: 'zz', mountPath: '/x' }] },
    ['spec.containers[0].volumeMounts[0].name: Not found: "zz"'],
  ],
  [
    'paths and images that are too long to be used',
    { image: '@'.repeat(4097), volumeMounts: [{ name: 'v', mountPath: '/'.repeat(4097) }] },
    [
      'spec.containers[0].image: Too long: may not be more than 4096 bytes',
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
      'spec.containers[0].volumeMounts[0].mountPath: Too long: may not be more than 4096 bytes',
    ],
  ],
  [
    'requests above limits',
    { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
    ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
  ],
  [
    'resources that are none',
    {
      resources: {
        limits: { gpu: '1', cpu: '-1', 'example.com/gpu': '0.5' },
        requests: { cpu: '-1', 'example.com/gpu': '0.5' },
      },
    },
    [
      'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
      'spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.containers[0].resources.limits[example.com/gpu]: Invalid value: "500m": must be an integer',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
      'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
      'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
      'spec.containers[0].resources.requests[example.com/gpu]: Invalid value: "500m": must be an integer',
    ],
  ],
  [
    'a probe of two kinds that never succeeds',
    { livenessProbe: { httpGet: { port: 'web_' }, tcpSocket: { port: 1 }, successThreshold: 2, periodSeconds: -1 } },
    [
      'spec.containers[0].livenessProbe.httpGet.port: Invalid value: "web_": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
      'spec.containers[0].livenessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0',
      'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
    ],
  ],
  [
    'probes and hooks that do nothing',
    {
      readinessProbe: { terminationGracePeriodSeconds: 5 },
      startupProbe: { exec: {} },
      lifecycle: { postStart: {}, preStop: { sleep: { seconds: 31 } } },
    },
    [
      'spec.containers[0].lifecycle.postStart: Required value: must specify a handler type',
      'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 31: must be non-negative and less than terminationGracePeriodSeconds (30)',
      'spec.containers[0].readinessProbe: Required value: must specify a handler type',
      'spec.containers[0].readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes',
      'spec.containers[0].startupProbe.exec.command: Required value',
    ],
  ],
  [
    'a restart policy of its own',
    { restartPolicy: 'Always' },
    ['spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers'],
  ],
  [
    'profiles that say too little',
    { securityContext: { seccompProfile: { type: 'Localhost' }, appArmorProfile: { type: 'X' } } },
    [
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "X": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  ],
];

describe('a container', () => {
  test.for(containerCases)('refuses %s', ([, container, errors], { expect }) => {
    expect(texts(pod.validate(podOf({ containers: [containerOf(container)] })))).toEqual(errors);
  });

  test('refuses mounts that fall on one another', ({ expect }) => {
    const volumeMounts = [
      { name: 'v', mountPath: '/x' },
      { name: 'v', mountPath: '/x', subPath: '/abs' },
      { name: 'v', mountPath: '', subPath: 'a', subPathExpr: 'b' },
    ];
    const object = podOf({ volumes: [{ name: 'v', emptyDir: {} }], containers: [containerOf({ volumeMounts })] });
    expect(texts(pod.validate(object))).toEqual([
      'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique',
      'spec.containers[0].volumeMounts.subPath: Invalid value: "/abs": must be a relative path',
      'spec.containers[0].volumeMounts[2].mountPath: Required value',
      'spec.containers[0].volumeMounts[2].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive',
    ]);
  });

  test('takes values of the Pod by name, and labels by key', ({ expect }) => {
    const fields = ['metadata.name', "metadata.labels['app']", "metadata.annotations['Example.com/A']", 'status.podIP'];
    const env = fields.map((fieldPath, index) => ({ name: `V${index}`, valueFrom: { fieldRef: { fieldPath } } }));
    expect(texts(pod.validate(podOf({ containers: [containerOf({ env })] })))).toEqual([]);
  });
});

import { amounts, containerSupport, ephemeralContainers, sharedSecurity } from './container.ts';
import { honoured, isDecision, refused, warned, Whole, whole, type Decision, type SupportTree } from './decision.ts';
import { schedulingSupport } from './scheduling.ts';
import { volumeSupport } from './volume.ts';

const hostNames = warned('the host name of a task is that of its network interface');
const serviceAccount = warned('the pod gets neither the role nor the token of its service account yet');
const ownership = warned('volumes keep the owner that the image gives their directories');
const noDevices = refused('Fargate has no devices');

/** The same fields, all decided alike. */
function everywhere(tree: SupportTree, decided: Decision): SupportTree {
  return Object.fromEntries(
    Object.entries(tree).map(([field, node]) => {
      if (node instanceof Whole) return [field, everywhere(node.fields, decided)];
      return [field, isDecision(node) ? decided : everywhere(node, decided)];
    }),
  );
}

/** Everything in a pod spec. */
export const podSupport: SupportTree = {
  ...schedulingSupport,
  activeDeadlineSeconds: warned('the deadline is not kept yet'),
  automountServiceAccountToken: warned('no token is mounted yet', { unless: [false] }),
  'containers[]': { ...containerSupport, restartPolicy: refused('only init containers can be sidecars') },
  dnsConfig: {
    'nameservers[]': honoured(),
    'options[]': { name: honoured(), value: honoured() },
    'searches[]': honoured(),
  },
  dnsPolicy: honoured('ClusterFirst adds the search list of the namespace to the DNS of the VPC'),
  enableServiceLinks: warned('variables of Services are not set, only their names in DNS', { unless: [true, false] }),
  'ephemeralContainers[]': new Whole(
    ephemeralContainers,
    everywhere({ ...containerSupport, targetContainerName: ephemeralContainers }, ephemeralContainers),
  ),
  'hostAliases[]': whole(refused('Fargate cannot write /etc/hosts'), 'hostnames[] ip'),
  hostIPC: refused('Fargate has no host to share', { unless: [false] }),
  hostNetwork: warned('every pod has an address of its own', { unless: [false] }),
  hostPID: refused('Fargate has no host to share', { unless: [false] }),
  hostUsers: warned('user namespaces are not used', { unless: [true] }),
  hostname: hostNames,
  'imagePullSecrets[]': {
    name: honoured('the first entry that is for an image is used; tokens of ECR are not, images there need none'),
  },
  'initContainers[]': containerSupport,
  os: { name: refused('there are no Windows containers', { unless: ['linux'] }) },
  overhead: warned('Fargate adds nothing to what containers ask for'),
  'readinessGates[]': { conditionType: warned('only containers make a pod ready') },
  'resourceClaims[]': { name: noDevices, resourceClaimName: noDevices, resourceClaimTemplateName: noDevices },
  resources: {
    'claims[]': { name: noDevices, request: noDevices },
    limits: amounts,
    requests: amounts,
  },
  restartPolicy: honoured('by another task; told when several containers are to end on their own'),
  runtimeClassName: warned('Fargate has one runtime'),
  'schedulingGates[]': {
    name: refused('ECS starts a pod at once: nothing would hold it back until the gate is taken away'),
  },
  securityContext: {
    ...sharedSecurity,
    fsGroup: ownership,
    fsGroupChangePolicy: warned(ownership.reason, { unless: ['Always', 'OnRootMismatch'] }),
    seLinuxChangePolicy: warned('Fargate has no SELinux'),
    'supplementalGroups[]': warned('ECS sets no supplemental groups'),
    supplementalGroupsPolicy: warned('ECS sets no supplemental groups', { unless: ['Merge'] }),
    'sysctls[]': { name: honoured(), value: honoured() },
  },
  serviceAccount: warned(serviceAccount.reason, { conditional: true }),
  serviceAccountName: warned(serviceAccount.reason, { unless: ['', 'default'] }),
  setHostnameAsFQDN: warned(hostNames.reason, { unless: [false] }),
  shareProcessNamespace: honoured(),
  subdomain: hostNames,
  terminationGracePeriodSeconds: honoured('2 to 120 s; told when more is asked for'),
  'volumes[]': volumeSupport,
};

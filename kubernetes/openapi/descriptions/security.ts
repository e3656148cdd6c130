import type { Descriptions } from './descriptions.ts';

/** What security contexts of pods and of containers have in common. */
const sharedFields = {
  appArmorProfile: 'AppArmor profile. Fargate uses its own: any but RuntimeDefault is warned about.',
  runAsGroup: 'Main group to run as, by number. ECS sets it only together with runAsUser; alone it is warned about.',
  runAsNonRoot:
    'Whether user 0 is not allowed. Checked against runAsUser; warned about when only the image says who the user is.',
  runAsUser: 'User to run as, by number, in place of the one of the image.',
  seLinuxOptions: 'Warned about: Fargate has no SELinux.',
  seccompProfile:
    'Which system calls are let through. Fargate uses its own profile: any but RuntimeDefault is warned about.',
  windowsOptions: 'Refused: there are no Windows containers.',
} as const;

/** As whom containers run and what they may do. */
export const securityDescriptions: Descriptions = {
  'io.k8s.api.core.v1.PodSecurityContext': {
    '': 'As whom the containers of a pod run; what a container says itself goes before.',
    ...sharedFields,
    fsGroup:
      'Group that volumes should belong to. Warned about: they keep the owner that the image gives their directories.',
    fsGroupChangePolicy: 'When volumes are given to fsGroup: Always or OnRootMismatch. Makes no difference on Fargate.',
    seLinuxChangePolicy: 'How volumes get their SELinux label. Warned about: Fargate has no SELinux.',
    supplementalGroups: 'Further groups to run as. Warned about: ECS sets none.',
    supplementalGroupsPolicy: 'Whether groups of the image count too: Merge or Strict. Strict is warned about.',
    sysctls: 'Settings of the kernel for the whole task.',
  },
  'io.k8s.api.core.v1.SecurityContext': {
    '': 'As whom one container runs and what it may do.',
    ...sharedFields,
    allowPrivilegeEscalation:
      'Whether a program may gain more rights than its parent. False is warned about: Fargate cannot forbid it.',
    capabilities: 'Rights of root to add to the usual ones, or to take away.',
    privileged: 'Whether it may do all that the machine can. Refused: Fargate has no privileged containers.',
    procMount: 'How much of /proc it sees. Anything but Default is refused.',
    readOnlyRootFilesystem: 'Whether it can write to volumes only.',
  },
  'io.k8s.api.core.v1.Capabilities': {
    '': 'Rights of root, one by one, without the CAP_ in front.',
    add: 'Rights to add. Fargate adds SYS_PTRACE only; those that every container has are kept, and others refused.',
    drop: 'Rights to take away; ALL takes away every one.',
  },
  'io.k8s.api.core.v1.Sysctl': {
    '': 'A setting of the kernel.',
    name: 'Name of the setting, like net.core.somaxconn.',
    value: 'Its value, as text.',
  },
  'io.k8s.api.core.v1.AppArmorProfile': {
    '': 'Which profile of AppArmor is meant.',
    localhostProfile: 'A profile of the machine. Warned about: Fargate uses its own.',
    type: 'RuntimeDefault, Localhost or Unconfined; the last two are warned about.',
  },
  'io.k8s.api.core.v1.SeccompProfile': {
    '': 'Which seccomp profile is meant.',
    localhostProfile: 'A profile of the machine. Warned about: Fargate uses its own.',
    type: 'RuntimeDefault, Localhost or Unconfined; the last two are warned about.',
  },
  'io.k8s.api.core.v1.SELinuxOptions': {
    '': 'An SELinux label, in its four parts.',
    level: 'Level part of the label.',
    role: 'Role part of the label.',
    type: 'Type part of the label.',
    user: 'User part of the label.',
  },
  'io.k8s.api.core.v1.WindowsSecurityContextOptions': {
    '': 'Settings for Windows containers.',
    gmsaCredentialSpec: 'Credential specification of a group managed service account.',
    gmsaCredentialSpecName: 'Name of that specification.',
    hostProcess: 'Whether it runs as a process of the machine.',
    runAsUserName: 'Windows user to run as.',
  },
};

import { at, duplicate, forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { between, oneOf, optionalText, repetitions } from '../../field-rules.ts';
import { subdomainProblems } from '../../names.ts';
import { descendingPath } from './path-rules.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { PodSecurityContext, SecurityContext } from '../security.ts';

type Ids = readonly (readonly [field: string, id: number | undefined])[];

/** Users and groups are numbered with 31 bits. */
const validateIds = (ids: Ids, path: string): readonly FieldError[] =>
  ids.flatMap(([field, id]) => between(under(path, field), id, [0, 2_147_483_647]));

/** Everything wrong with the security context of a container. `hostUsers` is false in a user namespace of its own. */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  path: string,
  hostUsers: boolean,
): readonly FieldError[] {
  if (context === undefined) return [];
  const { procMount } = context;
  return [
    ...validateIds(
      [
        ['runAsUser', context.runAsUser],
        ['runAsGroup', context.runAsGroup],
      ],
      path,
    ),
    ...oneOf(under(path, 'procMount'), procMount, ['Default', 'Unmasked']),
    ...(procMount === 'Unmasked' && hostUsers
      ? [invalid(under(path, 'procMount'), procMount, '`hostUsers` must be false to use `Unmasked`')]
      : []),
    ...validateSeccomp(context.seccompProfile, under(path, 'seccompProfile')),
    ...validateEscalation(context, path),
    ...validateWindows(context.windowsOptions, under(path, 'windowsOptions')),
    ...validateAppArmor(context.appArmorProfile, under(path, 'appArmorProfile')),
  ];
}

function validateEscalation(context: SecurityContext, path: string): readonly FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const admin = context.capabilities?.add?.includes('CAP_SYS_ADMIN') === true;
  const start = 'cannot set `allowPrivilegeEscalation` to false and';
  return [
    ...(context.privileged === true ? [invalid(path, context, `${start} \`privileged\` to true`)] : []),
    ...(admin ? [invalid(path, context, `${start} \`capabilities.Add\` CAP_SYS_ADMIN`)] : []),
  ];
}

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

interface Profile {
  readonly type: string;
  readonly localhostProfile?: string | undefined;
}

function validateSeccomp(profile: Profile | undefined, path: string): readonly FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const profilePath = under(path, 'localhostProfile');
  const types = validateProfileType(type, path, 'type is required when seccompProfile is set');
  if (type !== 'Localhost') {
    const detail = 'can only be set when seccomp type is Localhost';
    return [...types, ...(localhostProfile === undefined ? [] : [invalid(profilePath, profile, detail)])];
  }
  if (localhostProfile === undefined) return [required(profilePath, 'must be set when seccomp type is Localhost')];
  return descendingPath(profilePath, localhostProfile);
}

const validateProfileType = (type: string, path: string, missing: string): readonly FieldError[] =>
  type === '' ? [required(under(path, 'type'), missing)] : oneOf(under(path, 'type'), type, profileTypes);

function validateAppArmor(profile: Profile | undefined, path: string): readonly FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const profilePath = under(path, 'localhostProfile');
  if (type !== 'Localhost') {
    const detail = 'can only be set when AppArmor type is Localhost';
    return [
      ...validateProfileType(type, path, 'type is required when appArmorProfile is set'),
      ...(localhostProfile === undefined || !profileTypes.includes(type)
        ? []
        : [invalid(profilePath, localhostProfile, detail)]),
    ];
  }
  if (!localhostProfile) return [required(profilePath, 'must be set when AppArmor type is Localhost')];
  return localhostProfile === localhostProfile.trim()
    ? []
    : [invalid(profilePath, localhostProfile, 'must not be padded with whitespace')];
}

/** Fargate runs Linux: of Windows' own options only the form of names is looked at. */
const validateWindows = (options: SecurityContext['windowsOptions'], path: string): readonly FieldError[] => [
  ...optionalText(under(path, 'gmsaCredentialSpecName'), options?.gmsaCredentialSpecName, subdomainProblems),
  ...(options?.runAsUserName === ''
    ? [invalid(under(path, 'runAsUserName'), '', 'runAsUserName cannot be an empty string')]
    : []),
];

/** Everything wrong with the security context of a pod. */
export function validatePodSecurity(spec: PodSpec, path: string): readonly FieldError[] {
  const context = spec.securityContext ?? {};
  const ids: Ids = [
    ['fsGroup', context.fsGroup],
    ['runAsUser', context.runAsUser],
    ['runAsGroup', context.runAsGroup],
    ...(context.supplementalGroups ?? []).map((group, index) => [at('supplementalGroups', index), group] as const),
  ];
  return [
    ...validateIds(ids, path),
    ...(spec.shareProcessNamespace === true && spec.hostPID === true
      ? [
          invalid(
            under(path, 'shareProcessNamespace'),
            true,
            'ShareProcessNamespace and HostPID cannot both be enabled',
          ),
        ]
      : []),
    ...validateSysctls(context.sysctls, under(path, 'sysctls')),
    ...oneOf(under(path, 'fsGroupChangePolicy'), context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']),
    ...validateSeccomp(context.seccompProfile, under(path, 'seccompProfile')),
    ...validateWindows(context.windowsOptions, under(path, 'windowsOptions')),
    ...validateAppArmor(context.appArmorProfile, under(path, 'appArmorProfile')),
    ...oneOf(under(path, 'supplementalGroupsPolicy'), context.supplementalGroupsPolicy, ['Merge', 'Strict']),
    ...oneOf(under(path, 'seLinuxChangePolicy'), context.seLinuxChangePolicy, ['MountOption', 'Recursive']),
  ];
}

const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

function validateSysctls(sysctls: PodSecurityContext['sysctls'] = [], path: string): readonly FieldError[] {
  const again = repetitions(sysctls.map((each) => each.name));
  return sysctls.flatMap(({ name }, index) => {
    const place = under(at(path, index), 'name');
    if (name === '') return [required(place)];
    if (name.length > 253 || !sysctlName.test(name)) {
      const pattern = String.raw`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`;
      return [invalid(place, name, `must have at most 253 characters and match regex ${pattern}`)];
    }
    return again.has(index) ? [duplicate(place, name)] : [];
  });
}

/** A user namespace of one's own, and the host's other namespaces, go not together. */
export function validateHostUsers(spec: PodSpec, path: string): readonly FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = 'when `pod.Spec.HostUsers` is false';
  return [
    ...(spec.hostNetwork ? [forbidden(under(path, 'hostNetwork'), detail)] : []),
    ...(spec.hostPID ? [forbidden(under(path, 'HostPID'), detail)] : []),
    ...(spec.hostIPC ? [forbidden(under(path, 'HostIPC'), detail)] : []),
  ];
}

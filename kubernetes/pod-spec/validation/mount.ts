import { at, forbidden, invalid, notFound, required, tooLong, under, type FieldError } from '../../field-errors.ts';
import { oneOf, repetitions, requiredText } from '../../field-rules.ts';
import { maximumPathLength } from '../../limits.ts';
import type { Container, VolumeDevice, VolumeMount } from '../container.ts';
import { descendingPath, pathWithoutBacksteps } from './path-rules.ts';
import type { Volume } from '../volume.ts';

type Volumes = ReadonlyMap<string, Volume>;

/** Everything wrong with where a container mounts the pod's volumes. */
export function validateMounts(container: Container, path: string, volumes: Volumes): readonly FieldError[] {
  const mounts = container.volumeMounts ?? [];
  const again = repetitions(mounts.map((mount) => mount.mountPath));
  const devices = container.volumeDevices ?? [];
  const names = new Set(devices.map((device) => device.name));
  const paths = new Set(devices.map((device) => device.devicePath));
  return mounts.flatMap((mount, index) => [
    ...validateMount(mount, at(path, index), volumes),
    ...(again.has(index) ? [invalid(under(at(path, index), 'mountPath'), mount.mountPath, 'must be unique')] : []),
    ...overlaps(mount, at(path, index), { names, paths }),
    ...validateSubPath(mount, path),
    ...validatePropagation(mount, container, under(path, 'mountPropagation')),
    ...validateRecursiveReadOnly(mount, under(path, 'recursiveReadOnly')),
  ]);
}

function validateMount(mount: VolumeMount, path: string, volumes: Volumes): readonly FieldError[] {
  const volume = volumes.get(mount.name);
  const image = 'not allowed in image volume sources';
  return [
    ...requiredText(under(path, 'name'), mount.name),
    ...(volume === undefined ? [notFound(under(path, 'name'), mount.name)] : []),
    ...requiredText(under(path, 'mountPath'), mount.mountPath),
    ...(mount.mountPath.length > maximumPathLength ? [tooLong(under(path, 'mountPath'), maximumPathLength)] : []),
    ...(volume?.image && mount.subPath ? [invalid(under(path, 'subPath'), mount.subPath, image)] : []),
    ...(volume?.image && mount.subPathExpr ? [invalid(under(path, 'subPathExpr'), mount.subPathExpr, image)] : []),
    ...(mount.subPath && mount.subPathExpr
      ? [invalid(under(path, 'subPathExpr'), mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive')]
      : []),
  ];
}

interface Devices {
  readonly names: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

function overlaps(mount: VolumeMount, path: string, devices: Devices): readonly FieldError[] {
  const { name, mountPath } = mount;
  return [
    ...(devices.names.has(name) ? [invalid(under(path, 'name'), name, 'must not already exist in volumeDevices')] : []),
    ...(devices.paths.has(mountPath)
      ? [invalid(under(path, 'mountPath'), mountPath, 'must not already exist as a path in volumeDevices')]
      : []),
  ];
}

/** These errors name the list, not the mount, as a kube-apiserver's do. */
const validateSubPath = ({ subPath, subPathExpr }: VolumeMount, path: string): readonly FieldError[] => [
  ...(subPath ? descendingPath(under(path, 'subPath'), subPath) : []),
  ...(subPathExpr ? descendingPath(under(path, 'subPathExpr'), subPathExpr) : []),
];

function validatePropagation(mount: VolumeMount, container: Container, path: string): readonly FieldError[] {
  const { mountPropagation } = mount;
  const privileged = container.securityContext?.privileged === true;
  const detail = 'Bidirectional mount propagation is available only to privileged containers';
  return [
    ...oneOf(path, mountPropagation, ['Bidirectional', 'HostToContainer', 'None']),
    ...(mountPropagation === 'Bidirectional' && !privileged ? [forbidden(path, detail)] : []),
  ];
}

function validateRecursiveReadOnly(mount: VolumeMount, path: string): readonly FieldError[] {
  const { recursiveReadOnly: mode, readOnly, mountPropagation = 'None' } = mount;
  if (mode === undefined || mode === 'Disabled') return [];
  const supported = oneOf(path, mode, ['Disabled', 'Enabled', 'IfPossible']);
  if (supported.length > 0) return supported;
  return [
    ...(readOnly === true ? [] : [forbidden(path, 'may only be specified when readOnly is true')]),
    ...(mountPropagation === 'None'
      ? []
      : [forbidden(path, 'may only be specified when mountPropagation is None or not specified')]),
  ];
}

/** Everything wrong with the raw devices of a container. */
export function validateDevices(container: Container, path: string, volumes: Volumes): readonly FieldError[] {
  const devices = container.volumeDevices ?? [];
  const mounts = container.volumeMounts ?? [];
  const lists = {
    name: { again: repetitions(devices.map((each) => each.name)), mounted: new Set(mounts.map((each) => each.name)) },
    devicePath: {
      again: repetitions(devices.map((each) => each.devicePath)),
      mounted: new Set(mounts.map((each) => each.mountPath)),
    },
  };
  return devices.flatMap((device, index) => {
    const place = at(path, index);
    const { name, devicePath } = device;
    const mountedPath = 'must not already exist as a path in volumeMounts';
    return [
      ...validateDevice(device, place, volumes),
      ...(lists.name.again.has(index) ? [invalid(under(place, 'name'), name, 'must be unique')] : []),
      ...(lists.devicePath.again.has(index) ? [invalid(under(place, 'devicePath'), devicePath, 'must be unique')] : []),
      ...(lists.name.mounted.has(name)
        ? [invalid(under(place, 'name'), name, 'must not already exist in volumeMounts')]
        : []),
      ...(lists.devicePath.mounted.has(devicePath)
        ? [invalid(under(place, 'devicePath'), devicePath, mountedPath)]
        : []),
    ];
  });
}

function validateDevice({ name, devicePath }: VolumeDevice, path: string, volumes: Volumes): readonly FieldError[] {
  const volume = volumes.get(name);
  const claimed = volume?.persistentVolumeClaim ?? volume?.ephemeral;
  const onlyClaims = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
  const pathOfDevice = under(path, 'devicePath');
  return [
    ...requiredText(under(path, 'name'), name),
    ...(volume !== undefined && claimed === undefined ? [invalid(under(path, 'name'), name, onlyClaims)] : []),
    ...(volume === undefined ? [notFound(under(path, 'name'), name)] : []),
    ...(devicePath === '' ? [required(pathOfDevice)] : []),
    ...pathWithoutBacksteps(pathOfDevice, devicePath).map(() =>
      invalid(pathOfDevice, devicePath, "can not contain backsteps ('..')"),
    ),
  ];
}

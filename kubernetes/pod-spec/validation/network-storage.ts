import { at, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { between, checked, requiredText } from '../../field-rules.ts';
import { subdomainProblems } from '../../names.ts';
import { descendingPath } from './path-rules.ts';
import type { Volume } from '../volume.ts';

/** What a volume on somebody's storage must say. */
const mandatory: Readonly<Partial<Record<keyof Volume, readonly string[]>>> = {
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  persistentVolumeClaim: ['claimName'],
  rbd: ['monitors', 'image'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  quobyte: ['registry', 'volume'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  csi: ['driver'],
};

/** Everything wrong with a volume that some storage system keeps. */
export const validateNetworkStorage = (volume: Volume, type: keyof Volume, path: string): readonly FieldError[] => [
  ...validateMandatory(volume, type, path),
  ...(validators[type]?.(volume, path) ?? []),
];

function validateMandatory(volume: Volume, type: keyof Volume, path: string): readonly FieldError[] {
  const values = new Map<string, unknown>(Object.entries(volume[type] ?? {}));
  return (mandatory[type] ?? []).flatMap((field) => {
    const value = values.get(field);
    const present = Array.isArray(value) ? value.length > 0 : Boolean(value);
    return present ? [] : [required(under(path, field))];
  });
}

type Validator = (volume: Volume, path: string) => readonly FieldError[];

/** What else there is to say of some. */
const validators: Readonly<Partial<Record<keyof Volume, Validator>>> = {
  nfs: ({ nfs }, path) =>
    nfs === undefined || nfs.path.startsWith('/')
      ? []
      : [invalid(under(path, 'path'), nfs.path, 'must be an absolute path')],
  gitRepo: ({ gitRepo }, path) => descendingPath(under(path, 'directory'), gitRepo?.directory ?? ''),
  iscsi: ({ iscsi }, path) => (iscsi === undefined ? [] : validateIscsi(iscsi, path)),
  fc: ({ fc }, path) => (fc === undefined ? [] : validateFibreChannel(fc, path)),
  flocker: ({ flocker }, path) => (flocker === undefined ? [] : validateFlocker(flocker, path)),
  flexVolume: ({ flexVolume }, path) => validateFlexOptions(flexVolume?.options, under(path, 'options')),
  csi: ({ csi }, path) => (csi === undefined ? [] : validateCsi(csi, path)),
};

type Source<Type extends keyof Volume> = NonNullable<Volume[Type]>;

function validateIscsi(iscsi: Source<'iscsi'>, path: string): readonly FieldError[] {
  const authenticated = iscsi.chapAuthDiscovery || iscsi.chapAuthSession;
  return [
    ...(iscsi.iqn === '' || /^(iqn|eui|naa)/.test(iscsi.iqn)
      ? []
      : [invalid(under(path, 'iqn'), iscsi.iqn, 'must be valid format starting with iqn, eui, or naa')]),
    ...between(under(path, 'lun'), iscsi.lun, [0, 255]),
    ...(authenticated && iscsi.secretRef === undefined ? [required(under(path, 'secretRef'))] : []),
  ];
}

function validateFibreChannel(fc: Source<'fc'>, path: string): readonly FieldError[] {
  const { targetWWNs = [], wwids = [], lun } = fc;
  const namesPath = under(path, 'targetWWNs');
  if (targetWWNs.length === 0) {
    return wwids.length > 0 ? [] : [required(namesPath, 'must specify either targetWWNs or wwids, but not both')];
  }
  return [
    ...(wwids.length > 0
      ? [invalid(namesPath, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously')]
      : []),
    ...(lun === undefined
      ? [required(under(path, 'lun'), 'lun is required if targetWWNs is specified')]
      : between(under(path, 'lun'), lun, [0, 255])),
  ];
}

function validateFlocker({ datasetName, datasetUUID }: Source<'flocker'>, path: string): readonly FieldError[] {
  if (!datasetName && !datasetUUID) return [required(path, 'one of datasetName and datasetUUID is required')];
  const both = 'datasetName and datasetUUID can not be specified simultaneously';
  return datasetName && datasetUUID ? [invalid(path, 'resource', both)] : [];
}

const validateFlexOptions = (options: Readonly<Record<string, string>> = {}, path: string): readonly FieldError[] =>
  Object.keys(options)
    .filter((key) => /(^|\.)(kubernetes|k8s)\.io(\/|$)/i.test(key))
    .map((key) => invalid(at(path, key), key, 'kubernetes.io and k8s.io namespaces are reserved'));

function validateCsi({ driver, nodePublishSecretRef }: Source<'csi'>, path: string): readonly FieldError[] {
  return [
    ...(driver === '' ? [] : checked(under(path, 'driver'), driver.toLowerCase(), subdomainProblems)),
    ...(nodePublishSecretRef === undefined
      ? []
      : requiredText(under(path, 'nodePublishSecretRef.name'), nodePublishSecretRef.name, subdomainProblems)),
  ];
}

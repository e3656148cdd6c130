import { at, duplicate, forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { oneOf, requiredText } from '../../field-rules.ts';
import { labelProblems, subdomainProblems } from '../../names.ts';
import { validateAnnotations, validateLabels } from '../../object-meta-validation.ts';
import { compareQuantities } from '../../quantity.ts';
import { quoted } from '../../shown-value.ts';
import { validateFiles, validateItems, validateProjected } from './file-volume.ts';
import { validateNetworkStorage } from './network-storage.ts';
import { fileMode, pathWithoutBacksteps } from './path-rules.ts';
import type { Volume } from '../volume.ts';

/** In the order in which a kube-apiserver counts them: the first is the volume's type, each further one too many. */
const types = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const satisfies readonly (keyof Volume)[];

export interface ValidatedVolumes {
  readonly errors: readonly FieldError[];
  /** Those without errors; mounts of others are told to be not found, as a kube-apiserver does. */
  readonly byName: ReadonlyMap<string, Volume>;
}

/** Everything wrong with the volumes of a pod. `podName` is '' in templates. */
export function validateVolumes(volumes: readonly Volume[], path: string, podName: string): ValidatedVolumes {
  const byName = new Map<string, Volume>();
  const claims = new Set(volumes.filter((each) => each.ephemeral && podName).map((each) => `${podName}-${each.name}`));
  const errors = volumes.flatMap((volume, index) => {
    const place = at(path, index);
    const problems = [
      ...validateSource(volume, place),
      ...validateClaimName(volume, place, podName),
      ...requiredText(under(place, 'name'), volume.name, labelProblems),
      ...(byName.has(volume.name) ? [duplicate(under(place, 'name'), volume.name)] : []),
    ];
    if (problems.length === 0) byName.set(volume.name, volume);
    return [...problems, ...validateClaimReference(volume, place, claims)];
  });
  return { errors, byName };
}

function validateClaimReference(volume: Volume, path: string, claims: ReadonlySet<string>): readonly FieldError[] {
  const claimName = volume.persistentVolumeClaim?.claimName;
  if (claimName === undefined || !claims.has(claimName)) return [];
  const detail = 'must not reference a PVC that gets created for an ephemeral volume';
  return [invalid(under(path, 'persistentVolumeClaim.claimName'), claimName, detail)];
}

function validateClaimName(volume: Volume, path: string, podName: string): readonly FieldError[] {
  if (volume.ephemeral === undefined || podName === '' || volume.name === '') return [];
  const claimName = `${podName}-${volume.name}`;
  return subdomainProblems(claimName).map((problem) =>
    invalid(under(path, 'name'), volume.name, `PVC name ${quoted(claimName)}: ${problem}`),
  );
}

function validateSource(volume: Volume, path: string): readonly FieldError[] {
  const [first, ...others] = types.filter((type) => volume[type] !== undefined);
  if (first === undefined) return [required(path, 'must specify a volume type')];
  return [
    ...(validators[first]?.(volume, under(path, first)) ?? validateNetworkStorage(volume, first, under(path, first))),
    ...others.map((type) => forbidden(under(path, type), 'may not specify more than 1 volume type')),
  ];
}

type Validator = (volume: Volume, path: string) => readonly FieldError[];

const validators: Readonly<Partial<Record<keyof Volume, Validator>>> = {
  emptyDir: validateEmptyDir,
  hostPath: validateHostPath,
  secret: ({ secret }, path) => [
    ...requiredText(under(path, 'secretName'), secret?.secretName),
    ...fileMode(under(path, 'defaultMode'), secret?.defaultMode),
    ...validateItems(secret?.items, under(path, 'items')),
  ],
  configMap: ({ configMap }, path) => [
    ...requiredText(under(path, 'name'), configMap?.name),
    ...fileMode(under(path, 'defaultMode'), configMap?.defaultMode),
    ...validateItems(configMap?.items, under(path, 'items')),
  ],
  downwardAPI: ({ downwardAPI }, path) => [
    ...fileMode(under(path, 'defaultMode'), downwardAPI?.defaultMode),
    ...validateFiles(downwardAPI?.items, path),
  ],
  projected: ({ projected }, path) => (projected === undefined ? [] : validateProjected(projected, path)),
  ephemeral: validateEphemeral,
  image: ({ image }, path) => [
    ...requiredText(under(path, 'reference'), image?.reference),
    ...oneOf(under(path, 'pullPolicy'), image?.pullPolicy, ['Always', 'IfNotPresent', 'Never']),
  ],
};

function validateEmptyDir({ emptyDir }: Volume, path: string): readonly FieldError[] {
  const limit = emptyDir?.sizeLimit;
  if (limit === undefined || compareQuantities(limit, '0') >= 0) return [];
  return [forbidden(under(path, 'sizeLimit'), 'SizeLimit field must be a valid resource quantity')];
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validateHostPath({ hostPath }: Volume, path: string): readonly FieldError[] {
  if (!hostPath?.path) return [required(under(path, 'path'))];
  return [
    ...pathWithoutBacksteps(under(path, 'path'), hostPath.path),
    ...oneOf(under(path, 'type'), hostPath.type, hostPathTypes),
  ];
}

/** The claim itself is validated when it is made. */
function validateEphemeral({ ephemeral }: Volume, path: string): readonly FieldError[] {
  const template = ephemeral?.volumeClaimTemplate;
  const templatePath = under(path, 'volumeClaimTemplate');
  if (template === undefined) return [required(templatePath)];
  const { accessModes = [], resources } = template.spec;
  const specPath = under(templatePath, 'spec');
  return [
    ...validateLabels(template.metadata?.labels, under(templatePath, 'metadata.labels')),
    ...validateAnnotations(template.metadata?.annotations, under(templatePath, 'metadata.annotations')),
    ...(accessModes.length === 0
      ? [required(under(specPath, 'accessModes'), 'at least 1 access mode is required')]
      : []),
    ...(resources?.requests?.['storage'] === undefined ? [required(at(under(specPath, 'resources'), 'storage'))] : []),
  ];
}

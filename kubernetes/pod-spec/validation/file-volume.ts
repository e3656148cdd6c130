import { at, forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { requiredText } from '../../field-rules.ts';
import { validateLabelSelector } from '../../label-selector-validation.ts';
import { fieldsForFiles, validateFieldRef, validateResourceFieldRef } from './field-reference.ts';
import type { KeyToPath } from '../key-selector.ts';
import { fileInVolume, fileMode } from './path-rules.ts';
import type { DownwardAPIVolumeFile } from '../plain-volume.ts';
import type { ProjectedVolumeSource, VolumeProjection } from '../projected-volume.ts';

/** Everything wrong with the files that are made of the keys of a ConfigMap or Secret. */
export const validateItems = (items: readonly KeyToPath[] = [], path: string): readonly FieldError[] =>
  items.flatMap((item, index) => {
    const place = at(path, index);
    return [
      ...requiredText(under(place, 'key'), item.key),
      ...requiredText(under(place, 'path'), item.path),
      ...fileInVolume(under(place, 'path'), item.path),
      ...fileMode(under(place, 'mode'), item.mode),
    ];
  });

/** Everything wrong with files that show the pod to itself. Their errors name the volume, not the file. */
export const validateFiles = (files: readonly DownwardAPIVolumeFile[] = [], path: string): readonly FieldError[] =>
  files.flatMap((file) => [
    ...requiredText(under(path, 'path'), file.path),
    ...fileInVolume(under(path, 'path'), file.path),
    ...validateFileSource(file, path),
    ...fileMode(under(path, 'mode'), file.mode),
  ]);

function validateFileSource(
  { fieldRef, resourceFieldRef }: DownwardAPIVolumeFile,
  path: string,
): readonly FieldError[] {
  if (fieldRef !== undefined) {
    const both = 'fieldRef and resourceFieldRef can not be specified simultaneously';
    return [
      ...validateFieldRef(fieldRef, under(path, 'fieldRef'), fieldsForFiles),
      ...(resourceFieldRef === undefined ? [] : [invalid(path, 'resource', both)]),
    ];
  }
  if (resourceFieldRef === undefined) return [required(path, 'one of fieldRef and resourceFieldRef is required')];
  return validateResourceFieldRef(resourceFieldRef, under(path, 'resourceFieldRef'), 'file');
}

/** Everything wrong with a volume of several sources, whose files may not fall on one another. */
export function validateProjected(projected: ProjectedVolumeSource, path: string): readonly FieldError[] {
  const sources = projected.sources ?? [];
  return [
    ...fileMode(under(path, 'defaultMode'), projected.defaultMode),
    ...sources.flatMap((source, index) =>
      validateProjection(source, { path: at(under(path, 'sources'), index), volumePath: path }),
    ),
    ...collisions(sources, path),
  ];
}

interface Place {
  readonly path: string;
  readonly volumePath: string;
}

function validateProjection(source: VolumeProjection, { path, volumePath }: Place): readonly FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source;
  const count = Object.values(source).filter((each) => each !== undefined).length;
  return [
    ...(secret === undefined ? [] : validateNamed(secret, under(path, 'secret'))),
    ...(configMap === undefined ? [] : validateNamed(configMap, under(path, 'configMap'))),
    ...validateFiles(downwardAPI?.items, under(path, 'downwardAPI')),
    ...(serviceAccountToken === undefined ? [] : validateToken(serviceAccountToken, { path, volumePath })),
    ...validateTrustBundle(source, under(path, 'clusterTrustBundle')),
    ...(count > 1 ? [forbidden(path, 'may not specify more than 1 volume type per source')] : []),
  ];
}

const validateNamed = (
  source: { readonly name?: string | undefined; readonly items?: readonly KeyToPath[] | undefined },
  path: string,
): readonly FieldError[] => [
  ...requiredText(under(path, 'name'), source.name),
  ...validateItems(source.items, under(path, 'items')),
];

function validateToken(
  token: NonNullable<VolumeProjection['serviceAccountToken']>,
  { path, volumePath }: Place,
): readonly FieldError[] {
  const seconds = token.expirationSeconds ?? 3600;
  const secondsPath = under(path, 'serviceAccountToken.expirationSeconds');
  return [
    ...(seconds < 600 ? [invalid(secondsPath, seconds, 'may not specify a duration less than 10 minutes')] : []),
    ...(seconds > 2 ** 32
      ? [invalid(secondsPath, seconds, 'may not specify a duration larger than 2^32 seconds')]
      : []),
    ...requiredText(under(volumePath, 'path'), token.path),
    ...fileInVolume(under(volumePath, 'path'), token.path),
  ];
}

function validateTrustBundle({ clusterTrustBundle: bundle }: VolumeProjection, path: string): readonly FieldError[] {
  if (bundle === undefined) return [];
  const { name, signerName } = bundle;
  return [
    ...(name !== undefined && signerName !== undefined
      ? [invalid(path, bundle, 'only one of name and signerName may be used')]
      : []),
    ...(name === undefined && signerName === undefined
      ? [required(path, 'either name or signerName must be specified')]
      : []),
    ...validateLabelSelector(bundle.labelSelector, under(path, 'labelSelector')),
    ...requiredText(under(path, 'path'), bundle.path),
    ...fileInVolume(under(path, 'path'), bundle.path),
  ];
}

function collisions(sources: readonly VolumeProjection[], path: string): readonly FieldError[] {
  const taken = new Set<string>();
  return sources.flatMap((source) =>
    filesOf(source).flatMap(({ file, shown }) => {
      if (file === '') return [];
      if (taken.has(file)) return [invalid(path, shown, 'conflicting duplicate paths')];
      taken.add(file);
      return [];
    }),
  );
}

/** The files of a source, with what an error about each of them shows. */
function filesOf(source: VolumeProjection): readonly { readonly file: string; readonly shown: string }[] {
  const { secret, configMap, downwardAPI, clusterTrustBundle } = source;
  const named = [secret, configMap].flatMap((each) =>
    (each?.items ?? []).map((item) => ({ file: item.path, shown: each?.name ?? '' })),
  );
  const plain = [...(downwardAPI?.items ?? []), ...(clusterTrustBundle === undefined ? [] : [clusterTrustBundle])];
  return [...named, ...plain.map((each) => ({ file: each.path, shown: each.path }))];
}

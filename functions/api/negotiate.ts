import type { BodyFormat } from '../../kubernetes/decode/body.ts';
import { notAcceptable, unsupportedMediaType } from '../../kubernetes/status-error.ts';

/** The form in which a client wants objects. */
export interface Representation {
  readonly media: 'application/json' | 'application/yaml';
  readonly as: 'Object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  /** Of meta.k8s.io, for all but Object. */
  readonly version: 'v1' | 'v1beta1';
}

const plain: Representation = { media: 'application/json', as: 'Object', version: 'v1' };
const transforms: readonly Representation['as'][] = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];
const accepted = ['application/json', 'application/yaml'];

/** The best form that both sides know; throws StatusError 406 when there is none. */
export function negotiate(accept: string | null): Representation {
  if (accept === null || accept === '') return plain;
  const known = remembered.get(accept);
  if (known !== undefined) return known;
  const found = clauses(accept)
    .map(representation)
    .find((each) => each !== undefined);
  if (found === undefined) throw notAcceptable(accepted);
  if (remembered.size < 256) remembered.set(accept, found);
  return found;
}

/** Clients send the same few headers over and over. */
const remembered = new Map<string, Representation>();

export interface Clause {
  /** `application/json`, `*` followed by `/*` */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The clauses of an Accept header, best first: by their `q`, then as they stand. */
export function clauses(accept: string): readonly Clause[] {
  return accept
    .split(',')
    .map((text): Clause & { readonly quality: number } => {
      const [type = '', ...rest] = text.split(';').map((part) => part.trim());
      const parameters = Object.fromEntries(rest.map((part) => part.split('=', 2)));
      return { type: type.toLowerCase(), parameters, quality: Number(parameters['q'] ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
}

function representation({ type, parameters }: Clause): Representation | undefined {
  const media =
    type === 'application/yaml'
      ? type
      : ['application/json', 'application/*', '*/*'].includes(type)
        ? 'application/json'
        : undefined;
  if (media === undefined) return undefined;
  const { as, g, v } = parameters;
  if (as === undefined) return { ...plain, media };
  const transform = transforms.find((each) => each === as);
  if (transform === undefined || g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  return { media, as: transform, version: v };
}

const bodyFormats: Readonly<Record<string, BodyFormat>> = {
  '': 'json',
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};

/** How a request's body is written; throws StatusError 415. No Content-Type means JSON. */
export function bodyFormat(contentType: string | null): BodyFormat {
  const format = bodyFormats[mediaType(contentType)];
  if (format === undefined) throw unsupportedMediaType(Object.keys(bodyFormats).slice(1));
  return format;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

const patchTypes: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

/** Which of the four patch types a PATCH is; throws StatusError 415. */
export function patchType(contentType: string | null): PatchType {
  const type = patchTypes[mediaType(contentType)];
  if (type === undefined) throw unsupportedMediaType(Object.keys(patchTypes));
  return type;
}

const mediaType = (contentType: string | null): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

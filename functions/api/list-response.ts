import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Representation } from './negotiate.ts';
import { itemText, partialMetadataText } from './object-text.ts';
import { encoded } from './respond.ts';
import { tableText } from './table.ts';

export interface ListAnswer {
  readonly kind: Kind;
  readonly items: readonly StoredObject[];
  readonly metadata: ListMeta;
  readonly representation: Representation;
  readonly includeObject: string | null;
  readonly now: number;
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list in the form that was negotiated. */
export function listResponse(answer: ListAnswer): Response {
  const { kind, items, metadata, representation } = answer;
  const { version, media } = representation;
  switch (representation.as) {
    case 'Object': {
      const names = `"kind":${JSON.stringify(`${kind.kind}List`)},"apiVersion":${JSON.stringify(apiVersionOf(kind))}`;
      return encoded(listText(names, metadata, items.map(itemText(kind))), media);
    }
    case 'Table':
      return encoded(tableText({ ...answer, metadata: { ...metadata }, version }), media);
    case 'PartialObjectMetadataList': {
      const names = `"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${version}"`;
      return encoded(
        listText(
          names,
          metadata,
          items.map((item) => partialMetadataText(item, version)),
        ),
        media,
      );
    }
    case 'PartialObjectMetadata':
      throw notAcceptable(['application/json', 'application/yaml']);
  }
}

const listText = (names: string, metadata: ListMeta, items: readonly string[]): string =>
  `{${names},"metadata":${JSON.stringify(metadata)},"items":[${items.join(',')}]}`;

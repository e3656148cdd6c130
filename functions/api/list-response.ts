import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import { maximumWholeListBytes } from '../../kubernetes/limits.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Representation } from './negotiate.ts';
import { itemText, partialMetadataText } from './object-text.ts';
import { type ListForm, pacedBody } from './paced-body.ts';
import { PacedList, type PageOrigin } from './paced-list.ts';
import { encoded } from './respond.ts';
import { tableForm } from './table.ts';

export interface ListAnswer {
  readonly kind: Kind;
  readonly items: readonly StoredObject[];
  readonly metadata: ListMeta;
  readonly representation: Representation;
  readonly includeObject: string | null;
  readonly now: number;
  /** Absent when they cannot be read again. */
  readonly origin?: PageOrigin;
}

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list in the form that was negotiated. */
export function listResponse(answer: ListAnswer): Response {
  const { items, representation, origin } = answer;
  const form = listForm(answer);
  if (representation.media === 'application/json' && isLong(items)) {
    const body = pacedBody(new PacedList(items, origin), form);
    return new Response(body, { headers: { 'Content-Type': representation.media } });
  }
  return encoded(`${form.head}${items.map(form.itemText).join(',')}${form.tail}`, representation.media);
}

function listForm(answer: ListAnswer): ListForm {
  const { kind, metadata, representation } = answer;
  const { version } = representation;
  const form = (names: string, text: ListForm['itemText']): ListForm => ({
    head: `{${names},"metadata":${JSON.stringify(metadata)},"items":[`,
    itemText: text,
    tail: ']}',
  });
  switch (representation.as) {
    case 'Object': {
      const names = `"kind":${JSON.stringify(`${kind.kind}List`)},"apiVersion":${JSON.stringify(apiVersionOf(kind))}`;
      return form(names, itemText(kind));
    }
    case 'Table':
      return tableForm({ ...answer, metadata: { ...metadata }, version });
    case 'PartialObjectMetadataList': {
      const names = `"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/${version}"`;
      return form(names, (item) => partialMetadataText(item, version));
    }
    case 'PartialObjectMetadata':
      throw notAcceptable(['application/json', 'application/yaml']);
  }
}

function isLong(items: readonly StoredObject[]): boolean {
  let bytes = 0;
  for (const { text } of items) bytes += text.length;
  return bytes > maximumWholeListBytes;
}

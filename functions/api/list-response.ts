import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import { maximumWholeListBytes, yamlPieceBytes } from '../../kubernetes/limits.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Representation } from './negotiate.ts';
import { itemText, partialMetadataText } from './object-text.ts';
import { type ListForm, pacedBody } from './paced-body.ts';
import { PacedList, type PageOrigin } from './paced-list.ts';
import { encoded, yamlItem, yamlText } from './respond.ts';
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
  const { items, origin, representation } = answer;
  const { media } = representation;
  const form = listForm(answer);
  const isYaml = media === 'application/yaml';
  if (isLonger(items, isYaml ? yamlPieceBytes : maximumWholeListBytes)) {
    const body = pacedBody(new PacedList(items, origin), isYaml ? yamlForm(form) : form);
    return new Response(body, { headers: { 'Content-Type': media } });
  }
  return encoded(`${form.head}${items.map(form.itemText).join(',')}${form.tail}`, media);
}

/** The same list in YAML, which takes so long to write that it is written item by item. */
function yamlForm({ head, itemText: textOf, tail }: ListForm): ListForm {
  const list: Record<string, unknown> = JSON.parse(`${head}${tail}`);
  const place = 'rows' in list ? 'rows' : 'items';
  const fields = (where: (name: string) => boolean): string => {
    const chosen = Object.entries(list).filter(([name]) => where(name));
    return chosen.length === 0 ? '' : yamlText(Object.fromEntries(chosen));
  };
  return {
    head: `${fields((name) => name < place)}${place}:\n`,
    separator: '',
    itemText: (item) => yamlItem(textOf(item)),
    tail: fields((name) => name > place),
    pieceBytes: yamlPieceBytes,
  };
}

function listForm(answer: ListAnswer): ListForm {
  const { kind, metadata, representation } = answer;
  const { version } = representation;
  const form = (names: string, text: ListForm['itemText']): ListForm => ({
    head: `{${names},"metadata":${JSON.stringify(metadata)},"items":[`,
    separator: ',',
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

function isLonger(items: readonly StoredObject[], most: number): boolean {
  let bytes = 0;
  for (const { text } of items) bytes += text.length;
  return bytes > most;
}

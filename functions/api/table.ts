import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { Column, TimeCell } from '../../kubernetes/table.ts';
import type { ListForm } from './paced-body.ts';
import type { Representation } from './negotiate.ts';
import { partialMetadataText } from './object-text.ts';

/** JSON text with the places left open whose value depends on the moment. */
type RowText = readonly (string | TimeCell)[];

const rowTexts = new WeakMap<StoredObject, RowText>();
const definitionTexts = new WeakMap<Kind, string>();

export interface TableRequest {
  readonly kind: Kind;
  /** The list's metadata. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly version: Representation['version'];
  /** What the query says: `None`, `Object`, else the metadata. */
  readonly includeObject: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Watches send them once. */
  readonly withoutColumns?: boolean;
}

/** A `meta.k8s.io` Table as JSON: what kubectl prints. */
export function tableText(table: TableRequest & { readonly items: readonly StoredObject[] }): string {
  const { head, itemText, tail } = tableForm(table);
  return `${head}${table.items.map(itemText).join(',')}${tail}`;
}

/** The parts of a Table, whose items are its rows. */
export function tableForm(table: TableRequest): ListForm {
  const { kind, metadata, version, withoutColumns } = table;
  const columns = withoutColumns ? 'null' : columnDefinitions(kind);
  return {
    head: `{"kind":"Table","apiVersion":"meta.k8s.io/${version}","metadata":${JSON.stringify(metadata)},"columnDefinitions":${columns},"rows":[`,
    separator: ',',
    itemText: (item) => rowText(table, item),
    tail: ']}',
  };
}

function columnDefinitions(kind: Kind): string {
  const known = definitionTexts.get(kind);
  if (known !== undefined) return known;
  const text = JSON.stringify(
    kind.columns.map(({ name, type = 'string', format = '', description = '', wide }) => ({
      name,
      type,
      format,
      description,
      priority: wide ? 1 : 0,
    })),
  );
  definitionTexts.set(kind, text);
  return text;
}

function rowText({ kind, version, includeObject, now }: TableRequest, item: StoredObject): string {
  const cells = cellsText(kind, item)
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part.at(now))))
    .join('');
  if (includeObject === 'None') return `{"cells":[${cells}}`;
  const object = includeObject === 'Object' ? item.text : partialMetadataText(item, version);
  return `{"cells":[${cells},"object":${object}}`;
}

/** From the first cell up to the object. */
function cellsText(kind: Kind, item: StoredObject): RowText {
  const known = rowTexts.get(item);
  if (known !== undefined) return known;
  const object = item.parse();
  const text = kind.columns.flatMap((column, index) => [...(index === 0 ? [] : [',']), cellText(column, object)]);
  const conditions = kind.rowConditions?.(object) ?? [];
  text.push(conditions.length === 0 ? ']' : `],"conditions":${JSON.stringify(conditions)}`);
  rowTexts.set(item, merged(text));
  return text;
}

function cellText(column: Column<KubernetesObject>, object: KubernetesObject): string | TimeCell {
  const cell = column.cell(object);
  return typeof cell === 'object' ? cell : JSON.stringify(cell);
}

/** The same text in as few pieces as can be. */
function merged(text: RowText): RowText {
  const pieces: (string | TimeCell)[] = [];
  for (const part of text) {
    const last = pieces.at(-1);
    if (typeof part === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + part;
    else pieces.push(part);
  }
  return pieces;
}

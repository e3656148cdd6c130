import { jsonType } from '../decode/go-json.ts';
import { equalJson, isJsonObject, own, type JsonObject } from '../json-value.ts';
import type { Kind } from '../kind.ts';
import { schemaNode, type Field, type SchemaNode } from '../schema-node.ts';
import { badRequest } from '../status-error.ts';
import { directive, listDirectives, unknownDirective, withoutDirectives } from './strategic-directives.ts';
import { mergeList, orderList, removeFromList } from './strategic-list.ts';

/**
 * Strategic merge patch: as a JSON merge patch, but lists with a merge key in the schema are merged by it, and directives
 * say what a merge cannot (apimachinery's strategicpatch). The result may share parts with the arguments, which are left as
 * they are. Throws BadRequest for a patch that is no object, and for directives and items that make no sense; a
 * kube-apiserver has a 500 for some of them.
 */
export function strategicMergePatch(kind: Pick<Kind, 'schema'>, document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch))
    throw badRequest(`json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`);
  return mergeObject(isJsonObject(document) ? document : {}, patch, schemaNode(kind.schema()));
}

/** Merges an object that may hold directives into another; `node` is what the schema knows of them, if anything. */
export function mergeObject(original: JsonObject, patch: JsonObject, node: SchemaNode | undefined): JsonObject {
  if (Object.hasOwn(patch, directive.patch)) return carryOutWhole(patch);
  const result = retainKeys(original, patch);
  const { orders, removals, fields } = listDirectives(patch);
  for (const [name, value] of fields) {
    if (value === null) delete result[name];
    else result[name] = mergeField(own(result, name), value, fieldOf(node, name));
  }
  for (const [name, items] of removals) {
    const present = own(result, name);
    if (Array.isArray(present)) result[name] = removeFromList(present, items);
  }
  for (const [name, order] of orders) {
    const merged = own(result, name);
    if (!Array.isArray(merged)) continue;
    const mergeKey = fieldOf(node, name)?.mergeKey;
    result[name] = orderList(merged, { order, previous: own(original, name), mergeKey });
  }
  return result;
}

/** `$patch: replace` and `$patch: delete` on an object. */
function carryOutWhole(patch: JsonObject): JsonObject {
  const what = patch[directive.patch];
  if (what === 'delete') return {};
  if (what !== 'replace') throw unknownDirective(what, patch);
  const plain = withoutDirectives(patch);
  return isJsonObject(plain) ? plain : {};
}

/** `$retainKeys`: what is not named there goes. */
function retainKeys(original: JsonObject, patch: JsonObject): JsonObject {
  if (!Object.hasOwn(patch, directive.retainKeys)) return { ...original };
  const keep = patch[directive.retainKeys];
  const kept: ReadonlySet<unknown> = new Set(Array.isArray(keep) ? keep : []);
  const stray = Object.entries(patch).some(([key, value]) => value !== null && !key.startsWith('$') && !kept.has(key));
  if (!Array.isArray(keep) || stray) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => kept.has(key)));
}

interface FieldMerge {
  readonly node: SchemaNode;
  readonly merges: boolean;
  readonly mergeKey: string | undefined;
  readonly replaces: boolean;
}

function fieldOf(node: SchemaNode | undefined, name: string): FieldMerge | undefined {
  if (node?.type === 'map') return { node: node.value, merges: false, mergeKey: undefined, replaces: false };
  const field: Field | undefined = node?.type === 'struct' ? node.fields.get(name) : undefined;
  if (field === undefined) return undefined;
  return {
    node: field.node,
    merges: field.patchStrategies.includes('merge'),
    mergeKey: field.patchMergeKey,
    replaces: field.patchStrategies.includes('replace'),
  };
}

function mergeField(original: unknown, patch: unknown, field: FieldMerge | undefined): unknown {
  if (isJsonObject(original) && isJsonObject(patch))
    return field?.replaces ? withoutDirectives(patch) : mergeObject(original, patch, field?.node);
  if (!Array.isArray(original) || !Array.isArray(patch)) return withoutDirectives(patch);
  if (!field?.merges) return equalJson(original, patch) ? original : withoutDirectives(patch);
  const item = field.node.type === 'list' ? field.node.item : undefined;
  return mergeList(original, patch, {
    mergeKey: field.mergeKey,
    mergeItem: (present, change) => mergeObject(present, change, item),
  });
}

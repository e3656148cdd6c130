import { equalJson, isJsonObject, own, type JsonObject } from '../json-value.ts';
import { childNode, type ListNode, type MapNode, type SchemaNode, type StructNode } from '../schema-node.ts';
import { FieldSetBuilder, type FieldSet } from './field-set.ts';
import { fieldElement, itemsByElement } from './path-element.ts';

export interface Comparison {
  /** Added or given another value. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** The fields in which two states of an object differ. Metadata that nobody manages (`untracked`) is not looked at. */
export function compareObjects(node: SchemaNode, before: JsonObject, after: JsonObject): Comparison {
  const walk = new Walk();
  walk.value(node, before, after);
  return { changed: walk.changed.build(), removed: walk.removed.build() };
}

/** Fields of `metadata` that belong to the server or name the object. */
export const untracked: ReadonlySet<string> = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
]);

/**
 * Structs that a Go object always has, since they are no pointers: a field in them is added, they themselves are not.
 * So are `metadata`, `spec` and `status` everywhere, and required fields.
 */
const structValues: ReadonlySet<string> = new Set([
  'DeploymentSpec.strategy',
  'StatefulSetSpec.updateStrategy',
  'DaemonSetSpec.updateStrategy',
  'CronJobSpec.jobTemplate',
  'ReplicaSetSpec.template',
  'Container.resources',
  'ServiceStatus.loadBalancer',
  'NodeStatus.daemonEndpoints',
  'NodeStatus.nodeInfo',
  'NodeDaemonEndpoints.kubeletEndpoint',
  'Event.involvedObject',
  'Event.source',
  'PersistentVolumeClaimSpec.resources',
  'HorizontalPodAutoscalerSpec.scaleTargetRef',
]);

/** What stands for a field that is not there, where Go knows no absence. */
function unsetValue(struct: StructNode | MapNode, name: string): unknown {
  const field = struct.type === 'struct' ? struct.fields.get(name) : undefined;
  if (field === undefined || struct.type === 'map') return undefined;
  if (field.node.type !== 'struct') return field.optional ? undefined : emptyValues[field.node.type];
  const isValue = !field.optional || commonValues.has(name) || structValues.has(`${struct.name}.${name}`);
  return isValue ? {} : undefined;
}

const emptyValues = { list: [], map: {}, scalar: undefined, any: undefined } as const;
const commonValues: ReadonlySet<string> = new Set(['metadata', 'spec', 'status']);

class Walk {
  readonly changed = new FieldSetBuilder();
  readonly removed = new FieldSetBuilder();
  readonly #path: string[] = [];

  value(node: SchemaNode, before: unknown, after: unknown): void {
    if (before === after) return;
    switch (node.type) {
      case 'struct':
      case 'map':
        if (node.atomic) this.#leaf(before, after);
        else this.#object(node, before, after);
        return;
      case 'list':
        if (node.listType === 'atomic') this.#leaf(before, after);
        else this.#list(node, before, after);
        return;
      default:
        this.#leaf(before, after);
    }
  }

  #leaf(before: unknown, after: unknown): void {
    if (before === undefined) this.changed.add(this.#path);
    else if (after === undefined) this.removed.add(this.#path);
    else if (!equalJson(before, after)) this.changed.add(this.#path);
  }

  #object(node: StructNode | MapNode, before: unknown, after: unknown): void {
    const old = isJsonObject(before) ? before : undefined;
    const now = isJsonObject(after) ? after : undefined;
    // Empty and absent are told apart, though nothing is in either.
    if (isEmptyObject(old) && isEmptyObject(now)) return this.#leaf(before, after);
    for (const key of Object.keys(now ?? {})) this.#entry(node, key, [old, now]);
    for (const key of Object.keys(old ?? {}))
      if (now === undefined || !Object.hasOwn(now, key)) this.#entry(node, key, [old, now]);
    this.#itself(old, now);
  }

  #entry(
    node: StructNode | MapNode,
    key: string,
    [before, after]: readonly [JsonObject | undefined, JsonObject | undefined],
  ): void {
    const child = childNode(node, key);
    if (child === undefined || this.#isSkipped(key)) return;
    const old = before && own(before, key);
    const now = after && own(after, key);
    if (old === now) return;
    const unset = before !== undefined && after !== undefined ? unsetValue(node, key) : undefined;
    this.#within(fieldElement(key), () => this.value(child, old ?? unset, now ?? unset));
  }

  #isSkipped(key: string): boolean {
    const depth = this.#path.length;
    if (depth === 0) return key === 'kind' || key === 'apiVersion';
    return depth === 1 && this.#path[0] === 'f:metadata' && untracked.has(key);
  }

  #list(node: ListNode, before: unknown, after: unknown): void {
    const old: readonly unknown[] | undefined = Array.isArray(before) ? before : undefined;
    const now: readonly unknown[] | undefined = Array.isArray(after) ? after : undefined;
    if ((old?.length ?? 0) === 0 && (now?.length ?? 0) === 0) this.#leaf(before, after);
    else this.#items(node, old, now);
  }

  #items(node: ListNode, before: readonly unknown[] | undefined, after: readonly unknown[] | undefined): void {
    const old = itemsByElement(node, before ?? []);
    const now = itemsByElement(node, after ?? []);
    for (const element of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(element) ?? [], now.get(element) ?? []];
      this.#within(element, () => {
        if (was.length <= 1 && is.length <= 1) this.#item(node, was[0], is[0]);
        else if (!equalJson(was, is)) (is.length === 0 ? this.removed : this.changed).add(this.#path);
      });
    }
    this.#itself(before, after);
  }

  #item(node: ListNode, before: unknown, after: unknown): void {
    this.value(node.item, before, after);
    this.#itself(before, after);
  }

  /** A struct, map, list or item that came or went is owned beside what is in it. */
  #itself(before: unknown, after: unknown): void {
    if (before === undefined && after !== undefined) this.changed.add(this.#path);
    else if (after === undefined && before !== undefined) this.removed.add(this.#path);
  }

  #within(element: string, visit: () => void): void {
    this.#path.push(element);
    visit();
    this.#path.pop();
  }
}

const isEmptyObject = (value: JsonObject | undefined): boolean =>
  value === undefined || Object.keys(value).length === 0;

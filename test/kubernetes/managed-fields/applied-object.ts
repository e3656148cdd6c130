import { conform } from '../../../kubernetes/decode/conform.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import { trackUpdate } from '../../../kubernetes/managed-fields/track-update.ts';
import type { ManagedFieldsEntry } from '../../../kubernetes/object-meta.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { applyPatch } from '../../../kubernetes/patch/apply.ts';
import { mergePatch } from '../../../kubernetes/patch/merge.ts';
import { schemaNode } from '../../../kubernetes/schema-node.ts';

interface Write {
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
}

/** One object and the writes to it, as the API makes them, without a store. Each write is a second after the last. */
export class AppliedObject<T extends KubernetesObject> {
  readonly #kind: Kind<T>;
  #object: T | undefined;
  #seconds = 0;

  constructor(kind: Kind<T>) {
    this.#kind = kind;
  }

  get object(): T {
    if (this.#object === undefined) throw new Error('nothing was written yet');
    return this.#object;
  }

  get entries(): readonly ManagedFieldsEntry[] | undefined {
    return this.object.metadata.managedFields;
  }

  /** `a1` for Apply by a, `u1` … is not used: manager and operation with the fields, without times. */
  get owners(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      (this.entries ?? []).map(({ manager = '', operation, subresource, fieldsV1 }) => [
        `${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`,
        fieldsV1,
      ]),
    );
  }

  apply(applied: object, write: Write): T {
    const body = { apiVersion: this.#apiVersion, kind: this.#kind.kind, ...applied };
    const { manager, force = false, subresource } = write;
    const result = applyPatch(this.#kind, {
      current: this.#object,
      applied: body,
      manager,
      force,
      now: this.#now(),
      ...(subresource === undefined ? {} : { subresource }),
    });
    return (this.#object = result === this.#object ? this.object : this.#decode(result));
  }

  /** A merge patch, or the creation of the object when there is none. */
  update(change: object, write: Write): T {
    const { manager, subresource } = write;
    const base = this.#object ?? { apiVersion: this.#apiVersion, kind: this.#kind.kind };
    return (this.#object = trackUpdate(this.#kind, {
      previous: this.#object,
      object: this.#decode(mergePatch(base, change)),
      manager,
      now: this.#now(),
      ...(subresource === undefined ? {} : { subresource }),
    }));
  }

  get #apiVersion(): string {
    return this.#kind.group === '' ? this.#kind.version : `${this.#kind.group}/${this.#kind.version}`;
  }

  #now(): string {
    this.#seconds += 1;
    return `2026-01-01T00:00:${String(this.#seconds).padStart(2, '0')}Z`;
  }

  #decode(value: unknown): T {
    return conform(schemaNode(this.#kind.schema()), value).value as T;
  }
}

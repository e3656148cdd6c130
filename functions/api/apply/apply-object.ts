import { decode } from '../../../kubernetes/decode/decode.ts';
import type { JsonObject } from '../../../kubernetes/json-value.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { threeWayMerge } from '../../../kubernetes/patch/three-way.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { WriteOptions } from '../options.ts';
import { lastApplied, withLastApplied } from './last-applied.ts';
import type { Manifest } from './manifest.ts';

export interface Applied {
  readonly result: 'created' | 'configured' | 'unchanged';
  /** Texts, not headers. */
  readonly warnings: readonly string[];
}

export interface ApplyOptions extends Pick<WriteOptions, 'dryRun' | 'manager' | 'fieldValidation'> {
  /** Labels that the object gets beside its own. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its namespace is made by the same request, where a dry run cannot see it. */
  readonly namespaceComes: boolean;
}

/** Applies one object as `kubectl apply` does. Throws StatusError. */
export async function applyObject(
  dependencies: ApiDependencies,
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Applied> {
  const { kind, key } = manifest;
  const { dryRun, manager, namespaceComes } = options;
  const modified = withLastApplied(manifest.value);
  let warnings: readonly string[] = [];
  const read = (value: unknown): KubernetesObject => {
    const decoded = decode(kind, { value, duplicates: manifest.duplicates }, options.fieldValidation);
    warnings = decoded.warnings;
    const { metadata } = decoded.object;
    metadata.labels = { ...metadata.labels, ...options.labels };
    if (Object.keys(metadata.labels).length === 0) delete metadata.labels;
    return decoded.object;
  };
  const exists = (await dependencies.store.get(key)) !== undefined;
  const written = exists
    ? await updateObject(dependencies, kind, {
        key,
        change: (object) => {
          const current: JsonObject = { ...object };
          return read(threeWayMerge(kind, { original: lastApplied(object), modified, current }));
        },
        dryRun,
        manager,
      })
    : await createObject(dependencies, kind, { object: read(modified), dryRun, manager, namespaceComes });
  return { result: results[written.outcome], warnings: [...warnings, ...written.warnings] };
}

/** A write may remove an object that was deleted before, when it takes the last finalizer away. */
const results = { created: 'created', updated: 'configured', removed: 'configured', unchanged: 'unchanged' } as const;

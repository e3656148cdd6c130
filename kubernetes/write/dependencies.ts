import type { Clock } from '../clock.ts';
import type { FieldError } from '../field-errors.ts';
import type { KubernetesObject } from '../object.ts';
import type { Store, StoredObject } from '../store/store.ts';

/** What writing works with: the API's dependencies and the reconcilers' context are such. */
export interface WriteDependencies {
  readonly store: Store;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  /** Asked of what clients write once it is valid: whether it can be carried out. Absent: everything is let in. */
  readonly admit?: (object: KubernetesObject) => Admission;
}

/** What a valid object meets when it is let in. */
export interface Admission {
  /** Texts for `Warning:` headers, each with its path. */
  readonly warnings: readonly string[];
  /** Causes of a 422. */
  readonly errors: readonly FieldError[];
}

export interface Written {
  /** What is stored now; of a removed object its last state; of a dry run what would be stored. */
  readonly object: StoredObject;
  /** `unchanged`: nothing was written, since the object was like this already. */
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed';
  /** Texts for `Warning:` headers. */
  readonly warnings: readonly string[];
}

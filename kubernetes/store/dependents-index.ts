import { formatKey } from '../object.ts';
import type { StoredRecord } from './record.ts';

/** The current records by the uids of their owners. */
export class DependentsIndex {
  private readonly byOwner = new Map<string, Map<string, StoredRecord>>();

  of(uid: string): readonly StoredRecord[] {
    return [...(this.byOwner.get(uid)?.values() ?? [])];
  }

  add(record: StoredRecord): void {
    for (const uid of record.owners) {
      const dependents = this.byOwner.get(uid) ?? new Map<string, StoredRecord>();
      dependents.set(formatKey(record.key), record);
      this.byOwner.set(uid, dependents);
    }
  }

  remove(record: StoredRecord): void {
    for (const uid of record.owners) {
      const dependents = this.byOwner.get(uid);
      dependents?.delete(formatKey(record.key));
      if (dependents?.size === 0) this.byOwner.delete(uid);
    }
  }
}

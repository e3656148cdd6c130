import type { ObjectKey } from '../object.ts';
import type { StoredRecord } from './record.ts';

type Place = Pick<ObjectKey, 'namespace' | 'name'>;

/** The order of lists: namespace, then name, each by code units, as etcd orders its keys. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return 0;
}

/** The current records of one resource, in the order of lists. */
export class Collection {
  private readonly records: StoredRecord[] = [];

  get(place: Place): StoredRecord | undefined {
    const record = this.records[this.indexOf(place)];
    return record !== undefined && comparePlaces(record.key, place) === 0 ? record : undefined;
  }

  put(record: StoredRecord): void {
    const index = this.indexOf(record.key);
    const there = this.records[index];
    const replaces = there !== undefined && comparePlaces(there.key, record.key) === 0;
    this.records.splice(index, replaces ? 1 : 0, record);
  }

  remove(place: Place): void {
    if (this.get(place) !== undefined) this.records.splice(this.indexOf(place), 1);
  }

  /** All records, or those of a namespace; a copy. */
  in(namespace: string | undefined): StoredRecord[] {
    if (namespace === undefined) return this.records.slice();
    const start = this.indexOf({ namespace, name: '' });
    let end = start;
    while (this.records[end]?.key.namespace === namespace) end += 1;
    return this.records.slice(start, end);
  }

  /** Where the first record is that does not come before the place. */
  private indexOf(place: Place): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const record = this.records[middle];
      if (record !== undefined && comparePlaces(record.key, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

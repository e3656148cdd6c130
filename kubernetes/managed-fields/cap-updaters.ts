import { unionOf, type FieldSet } from './field-set.ts';
import { identityOf, type Manager, type Managers } from './managers.ts';

/** As many as kube-apiserver keeps apart; what the oldest did becomes the work of `ancient-changes`. */
const maximumUpdaters = 10;

/** Bounds the number of updaters, so that objects do not grow with everybody who ever wrote to them. */
export function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers.entries()]
    .filter(([, each]) => each.operation === 'Update')
    .sort(([aName, a], [bName, b]) => compare(a.time ?? '', b.time ?? '') || compare(aName, bName));
  if (updaters.length <= maximumUpdaters) return managers;
  const result = new Map<string, Manager>(managers);
  const firstOfVersion = new Map<string, Manager>();
  const collected = new Map<string, FieldSet[]>();
  let left = updaters.length;
  for (const [identity, manager] of updaters) {
    if (left <= maximumUpdaters) break;
    const { apiVersion } = manager;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, manager);
      continue;
    }
    const bucket = { manager: 'ancient-changes', operation: 'Update', apiVersion, subresource: '' } as const;
    const bucketName = identityOf(bucket);
    const sets = collected.get(bucketName) ?? [(result.get(bucketName) ?? first).fields];
    sets.push(manager.fields);
    collected.set(bucketName, sets);
    result.delete(identityOf(first));
    result.delete(identity);
    result.set(bucketName, { ...bucket, time: manager.time, fields: manager.fields });
    left -= 1;
  }
  for (const [name, sets] of collected) {
    const bucket = result.get(name);
    if (bucket !== undefined) result.set(name, { ...bucket, fields: unionOf(sets) });
  }
  return result;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

import { emptyState, type EcsState, type Records, type ServiceRecord } from './state.ts';

type Of<Kinds> = { [Kind in keyof Kinds]: readonly [kind: Kind, record: Kinds[Kind]] }[keyof Kinds];

/** A record of the state, and its kind. */
export type Entry = Of<Records>;

type KeptService = Omit<ServiceRecord, 'tasks'> & { readonly tasks: readonly string[] };

/** An entry as plain data. */
export type Kept = Of<Omit<Records, 'services'> & { services: KeptService }>;

export function keptEntry(entry: Entry): Kept {
  const [kind, record] = entry;
  return kind === 'services' ? [kind, { ...record, tasks: [...record.tasks] }] : entry;
}

/** What a later process needs of the state to go on. Tasks that have ended are left out. */
export function* stateEntries(state: EcsState): Generator<Kept> {
  for (const cluster of state.clusters.values()) yield ['clusters', cluster];
  for (const definition of [...state.taskDefinitions.values()].flat()) yield ['taskDefinitions', definition];
  for (const service of state.services.values()) yield keptEntry(['services', service]);
  for (const task of state.tasks.values()) if (task.lastStatus !== 'STOPPED') yield ['tasks', task];
  for (const token of state.tokens.values()) yield ['tokens', token];
}

/** The state that entries lead to. The records become its own. */
export function restore(entries: Iterable<Kept>): EcsState {
  const state = emptyState();
  for (const entry of entries) restoreEntry(state, entry);
  for (const task of state.tasks.values()) if (task.lastStatus === 'STOPPED') state.tasks.delete(task.arn);
  return state;
}

function restoreEntry(state: EcsState, entry: Kept): void {
  const [kind, record] = entry;
  switch (kind) {
    case 'clusters':
      state.clusters.set(record.name, record);
      break;
    case 'taskDefinitions': {
      const { family } = record.content;
      const revisions = state.taskDefinitions.get(family) ?? [];
      revisions[record.revision - 1] = record;
      state.taskDefinitions.set(family, revisions);
      break;
    }
    case 'services':
      state.services.set(record.arn, { ...record, tasks: new Set(record.tasks) });
      break;
    case 'tasks':
      state.tasks.set(record.arn, record);
      break;
    case 'tokens':
      state.tokens.set(record.key, record);
      break;
  }
}

import type { Clock } from '../../kubernetes/clock.ts';
import { tableNotFound } from './errors.ts';
import { type Item, itemBytes, type Key } from './item.ts';
import { Items } from './items.ts';

export interface DynamoDbOptions {
  readonly clock: Clock;
  readonly tableNames: readonly string[];
  /** Eventually consistent reads show the state as it was so many milliseconds ago. */
  readonly staleMilliseconds?: number;
  /** Lets time pass within a call: before and after it takes effect, and while a transaction holds its items. */
  pause?(): Promise<void>;
  /** Cancels a transaction for that reason, as others who are in the way would, or too much traffic. */
  interfere?(): 'TransactionConflict' | 'ThrottlingError' | undefined;
}

/** Request units that were used, as on-demand tables are billed. */
export interface Units {
  reads: number;
  writes: number;
}

interface TableState {
  readonly items: Items;
  /** Items of transactions that are under way. */
  readonly held: Set<string>;
}

/** A transaction that was done, for ten minutes. */
export interface DoneTransaction {
  readonly input: string;
  readonly until: number;
}

export interface World {
  readonly options: DynamoDbOptions;
  readonly tables: ReadonlyMap<string, TableState>;
  readonly transactions: Map<string, DoneTransaction>;
  readonly units: Units;
}

export function makeWorld(options: DynamoDbOptions): World {
  const makeTable = (): TableState => ({
    items: new Items(options.clock, options.staleMilliseconds ?? 0),
    held: new Set(),
  });
  return {
    options,
    tables: new Map(options.tableNames.map((name) => [name, makeTable()])),
    transactions: new Map(),
    units: { reads: 0, writes: 0 },
  };
}

export function tableOf(world: World, name: string | undefined): TableState {
  const table = world.tables.get(name ?? '');
  if (table === undefined) throw tableNotFound();
  return table;
}

export const pause = async ({ options }: World): Promise<void> => options.pause?.();

export const heldName = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

/** A unit for each 4 KB begun, half for an eventually consistent read. */
export function countRead(world: World, bytes: number, consistent: boolean): void {
  world.units.reads += Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/** A unit for each KB begun of the larger of the item before and after; transactions take twice as many. */
export function countWrite(world: World, items: readonly (Item | undefined)[], factor = 1): void {
  const largest = Math.max(...items.map((item) => (item === undefined ? 0 : itemBytes(item))));
  world.units.writes += Math.max(1, Math.ceil(largest / 1024)) * factor;
}

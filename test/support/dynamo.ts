import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoStore } from '../../aws/dynamodb/store.ts';
import { makeStateClients } from '../../aws/state-clients.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { createDynamoDb, type DynamoDb } from '../../local/dynamodb/dynamodb.ts';
import type { DynamoDbOptions } from '../../local/dynamodb/world.ts';
import type { Faults } from '../../local/faults.ts';
import { intercept } from '../../local/intercept.ts';
import { randomNumbers } from './random-numbers.ts';
import { RunningClock } from './running-clock.ts';

export const tableName = 'skiff';

export interface EmulatedTable<C extends Clock> {
  readonly clock: C;
  readonly database: DynamoDb;
  /** A client of its own. */
  readonly client: (faults?: Faults) => DynamoDBClient;
  /** A store in a process of its own. */
  readonly store: (faults?: Faults) => DynamoStore;
}

/** A table on a clock that goes by itself; calls take a few turns of the event loop, another number each time. */
export function emulateTable(options: Partial<DynamoDbOptions> = {}): EmulatedTable<RunningClock> {
  return emulateTableOn(new RunningClock(), options);
}

export function emulateTableOn<C extends Clock>(clock: C, options: Partial<DynamoDbOptions> = {}): EmulatedTable<C> {
  const random = randomNumbers(1);
  const pause = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 4); turns > 0; turns -= 1) await new Promise((end) => setImmediate(end));
  };
  const database = createDynamoDb({ tableNames: [tableName], pause, ...options, clock });
  const client = (faults: Faults = {}): DynamoDBClient =>
    makeStateClients({
      region: 'us-east-1',
      prepare: (service, each) => {
        if (service === 'dynamodb') {
          intercept(each, { service, answer: database.answer, faults, newId: randomUUID });
        }
      },
    }).dynamodb;
  const store = (faults?: Faults): DynamoStore =>
    new DynamoStore({ client: client(faults), tableName, clock, newId: randomUUID, random });
  return { clock, database, client, store };
}

import { randomUUID } from 'node:crypto';
import { makeStateClients, type StateClients } from '../../../aws/state-clients.ts';
import type { AwsEvent } from '../../../functions/events/event.ts';
import type { Clock } from '../../../kubernetes/clock.ts';
import { SimulatedRuntime } from '../../../local/containers/simulated.ts';
import { createDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { createEmulation } from '../../../local/emulation.ts';
import { accountId, localInstallation, zones } from '../../../local/installation.ts';
import { intercept } from '../../../local/intercept.ts';
import { createSqs } from '../../../local/sqs/sqs.ts';
import { startWire, type Wire, type WireOptions } from '../../../local/wire/wire.ts';

export interface SharedAwsOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  random(): number;
  /** Takes an event; one that it throws at comes again. */
  deliver(event: AwsEvent): Promise<void>;
  /** Told when a queue has a message to give out. */
  arrived(queueUrl: string): void;
  report(error: unknown): void;
}

export interface SharedAws {
  readonly wire: Wire;
  readonly queues: { readonly queueUrl: string; readonly delayQueueUrl: string; readonly deadLetterQueueUrl: string };
  readonly tableName: string;
  /** For who receives messages in the functions' stead. */
  readonly sqs: StateClients['sqs'];
  /** The bodies of what waits for a worker. */
  waiting(): readonly string[];
  /** The bodies of what was set aside. */
  setAside(): readonly string[];
  stop(): Promise<void>;
}

const tableName = 'skiff';

/** The time limit of the functions that take messages: what dies comes back after it. */
export const workSeconds = 15;

/** One emulated AWS for many processes: ECS, a table and the queues of an installation, behind a wire. */
export async function startSharedAws(options: SharedAwsOptions): Promise<SharedAws> {
  const { clock } = options;
  const random = (): number => options.random();
  const report = (error: unknown): void => options.report(error);
  const emulation = createEmulation({
    clock,
    speed: 'fast',
    runtime: new SimulatedRuntime({ clock }),
    installation: localInstallation,
    accountId,
    zones,
    newId: randomUUID,
    random,
    deliver: (event) => options.deliver(event),
    report,
    faults: { deliveries: () => deliveries(random) },
  });
  const answers: { -readonly [Name in keyof WireOptions['answers']]: WireOptions['answers'][Name] } = {
    ...emulation.answers,
    dynamodb: createDynamoDb({ clock, tableNames: [tableName] }).answer,
  };
  const wire = await startWire({ answers, newId: randomUUID });
  const queues = queuesAt(wire.url);
  const sqs = createSqs({
    clock,
    newId: randomUUID,
    arrived: (queueUrl) => options.arrived(queueUrl),
    doubles: () => random() < 0.05,
    queues: [
      {
        url: queues.queueUrl,
        fifo: true,
        visibilityTimeoutSeconds: workSeconds,
        redrive: { maximumReceives: 4, deadLetterUrl: queues.deadLetterQueueUrl },
      },
      { url: queues.delayQueueUrl, fifo: false, visibilityTimeoutSeconds: workSeconds },
      { url: queues.deadLetterQueueUrl, fifo: true, visibilityTimeoutSeconds: 30 },
    ],
  });
  answers.sqs = sqs.answer;
  const clients = makeStateClients({
    region: localInstallation.region,
    prepare: (service, client) => {
      if (service === 'sqs') intercept(client, { service, answer: sqs.answer, faults: {}, newId: randomUUID });
    },
  });
  return {
    wire,
    queues,
    tableName,
    sqs: clients.sqs,
    waiting: () => sqs.bodies(queues.queueUrl),
    setAside: () => sqs.bodies(queues.deadLetterQueueUrl),
    stop: async () => {
      await emulation.stop();
      await wire.stop();
    },
  };
}

/** SDK clients call a queue where its URL says that it is. */
const queuesAt = (url: string): SharedAws['queues'] => ({
  queueUrl: `${url}/${accountId}/skiff.fifo`,
  delayQueueUrl: `${url}/${accountId}/skiff-delayed`,
  deadLetterQueueUrl: `${url}/${accountId}/skiff-set-aside.fifo`,
});

/** Each event a little late, so that they overtake each other; some very late, some twice. */
function deliveries(random: () => number): readonly number[] {
  const soon = Math.floor(random() * 100);
  const chance = random();
  if (chance < 0.1) return [soon, 1500];
  return chance < 0.2 ? [soon + 1000] : [soon];
}

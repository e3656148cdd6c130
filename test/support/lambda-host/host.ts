import type { SqsBatchResponse } from '../../../aws/sqs/event.ts';
import type { FunctionName } from '../../../infra/functions.ts';
import { createAuthority, createServerCertificate } from '../../../local/certificates.ts';
import { startServer } from '../../../local/server.ts';
import { EventSource } from '../../../local/sqs/event-source.ts';
import { systemClock } from '../../../local/system-clock.ts';
import { newToken } from '../../../local/token.ts';
import { randomNumbers } from '../random-numbers.ts';
import { type SharedAws, startSharedAws, workSeconds } from './aws.ts';
import type { Bundles } from './bundles.ts';
import { environmentOf } from './environment.ts';
import { functionUrl } from './function-url.ts';
import { LambdaFunction } from './function.ts';

export interface LambdaHostOptions {
  readonly bundles: Bundles;
  /** API processes that are there from the start. */
  readonly apiProcesses: number;
  /** The API ends its watches after so many seconds: until then each has a process for itself, though its client has gone. */
  readonly watchSeconds: number;
}

export interface LambdaHost {
  /** `https://127.0.0.1:40123`, the API's function URL. */
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly token: string;
  readonly aws: SharedAws;
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>;
  /** What the functions have written to their logs, and what the host has to complain of. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

const maximumProcesses: Readonly<Record<FunctionName, number>> = {
  api: 24,
  delays: 1,
  events: 2,
  reconcile: 2,
  workflows: 2,
};

/** How often the schedules run, in seconds: in the cloud they have a minute and more. */
const schedules = { heal: 5, resync: 60 };

/**
 * Skiff as it runs in the cloud: its functions as they are bundled, in processes of their own, on an emulated AWS. Ends
 * with all its processes.
 */
export async function startLambdaHost(options: LambdaHostOptions): Promise<LambdaHost> {
  const clock = systemClock;
  const token = newToken();
  const log: string[] = [];
  const report = (error: unknown): void => void log.push(`host: ${String(error)}\n`);
  const sources = new Map<string, EventSource>();
  const aws = await startSharedAws({
    clock,
    random: randomNumbers(1),
    deliver: async (event) => void (await functions.events.invoke(event)),
    arrived: (queueUrl) => sources.get(queueUrl)?.poke(),
    report,
  });
  const make = (name: FunctionName): LambdaFunction =>
    new LambdaFunction({
      runtime: options.bundles.runtime,
      bundle: options.bundles.of(name),
      environment: environmentOf(aws, { token, watchSeconds: options.watchSeconds }),
      timeoutSeconds: name === 'api' ? 900 : workSeconds,
      maximumProcesses: maximumProcesses[name],
      clock,
      log: (text) => void log.push(`${name}: ${text}`),
    });
  const functions: LambdaHost['functions'] = {
    api: make('api'),
    delays: make('delays'),
    events: make('events'),
    reconcile: make('reconcile'),
    workflows: make('workflows'),
  };
  await Promise.all([
    functions.api.provision(options.apiProcesses),
    functions.workflows.invoke({ workflow: 'bootstrap' }),
  ]);
  const connect = (queueUrl: string, name: 'delays' | 'reconcile'): void => {
    const source = new EventSource({
      client: aws.sqs,
      queueUrl,
      clock,
      concurrency: maximumProcesses[name],
      pollMilliseconds: 1000,
      report,
      handle: async (event) => (await functions[name].invoke(event)) as SqsBatchResponse,
    });
    sources.set(queueUrl, source);
    source.start();
  };
  connect(aws.queues.queueUrl, 'reconcile');
  connect(aws.queues.delayQueueUrl, 'delays');
  const cancels = new Map<string, () => void>();
  const schedule = (workflow: keyof typeof schedules): void => {
    functions.workflows.invoke({ workflow }).catch(report);
    cancels.set(
      workflow,
      clock.after(schedules[workflow] * 1000, () => schedule(workflow)),
    );
  };
  schedule('heal');
  schedule('resync');
  const authority = await createAuthority(clock.now());
  const server = await startServer({
    port: 0,
    certificate: await createServerCertificate(authority, clock.now()),
    clock,
    fetch: functionUrl(functions.api),
  });
  return {
    url: `https://127.0.0.1:${server.port}`,
    authority: authority.certificate,
    token,
    aws,
    functions,
    log,
    stop: async () => {
      for (const cancel of cancels.values()) cancel();
      for (const each of Object.values(functions)) each.stop();
      await Promise.all([...sources.values()].map((source) => source.stop()));
      await server.stop();
      await aws.stop();
    },
  };
}

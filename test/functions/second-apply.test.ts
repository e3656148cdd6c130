import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clients } from '../../aws/clients.ts';
import { resyncKey } from '../../functions/reconcile/resync.ts';
import { startHarness, type Harness } from '../support/harness.ts';

const folder = join(import.meta.dirname, '../fixtures/translate');

/** The AWS calls that write, as they are made. */
function writesOf(clients: Clients): string[] {
  const writes: string[] = [];
  clients.ecs.middlewareStack.add(
    (next, context) => (call) => {
      const operation = String(context['commandName']);
      if (!/^(Describe|List)/.test(operation)) writes.push(operation);
      return next(call);
    },
    { step: 'initialize', priority: 'high', name: 'noteWrites' },
  );
  return writes;
}

interface Applied {
  readonly items: readonly { readonly kind: string; readonly result: string; readonly error?: object }[];
}

async function apply(harness: Harness, manifest: string): Promise<Applied['items']> {
  const headers = { 'content-type': 'application/yaml' };
  return (await harness.call('POST', '/apply', { body: manifest, headers })).body<Applied>().items;
}

/** Long enough for everything to run, be healthy, and be left alone. */
const seconds = 60;

/** What a task runs is asked for by Pods, Deployments, ReplicaSets and ReplicationControllers. */
const isWorkload = ({ kind }: Applied['items'][number]): boolean => kind !== 'ConfigMap' && kind !== 'Secret';

/** Its containers crash, and so it is started again and again. */
const restarts = 'simulation';
const features = readdirSync(folder).filter((feature) => feature !== restarts);

test.each(features)('%s, applied a second time, is unchanged and makes no AWS write call', async (feature) => {
  const manifest = readFileSync(join(folder, feature, 'manifest.yaml'), 'utf8');
  const harness = await startHarness();
  const writes = writesOf(harness.emulation.clients);
  const first = await apply(harness, manifest);
  await harness.pass(seconds);
  const made = writes.splice(0);
  const runs = first.some((item) => isWorkload(item) && item.result === 'created');
  expect(made.length > 0, `${made.join(' ')}`).toBe(runs && !waits.has(feature));

  const second = await apply(harness, manifest);
  await harness.queue.enqueue(resyncKey);
  await harness.pass(seconds);
  // The default ServiceAccount is there already, or not yet.
  const isWritten = (result: string): boolean => result === 'created' || result === 'configured';
  expect(second).toMatchObject(first.map(({ result }) => ({ result: isWritten(result) ? 'unchanged' : result })));
  expect(writes).toEqual([]);
  expect(harness.reported).toEqual([]);
});

/** Their pods wait for a ConfigMap or Secret that nobody makes, or for a key of one. */
const waits = new Set(['assumed-objects', 'missing-keys']);

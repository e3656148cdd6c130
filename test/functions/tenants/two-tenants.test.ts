import { describe, expect, onTestFinished, test } from 'vitest';
import { errorMessage } from '../../../kubernetes/error-message.ts';
import { kinds } from '../../../kubernetes/registry.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { objectsOf } from './belongings.ts';
import { Neighbours, type Operation } from './neighbours.ts';
import { Operations } from './operations.ts';
import { deploymentPath, isRolledOut, pass, passUntil, setTemplate, templateOf } from './quiet-tenant.ts';

/** `SKIFF_TENANT_OPERATIONS=5000 SKIFF_TENANT_SEED=7` for a longer run, or another. */
const count = Number(process.env['SKIFF_TENANT_OPERATIONS'] ?? 200);
const firstSeed = Number(process.env['SKIFF_TENANT_SEED'] ?? 1);
/** Each run starts with an empty installation. */
const operationsOfRun = 200;
const runs = Math.ceil(count / operationsOfRun);

/** How often a failing list of operations is tried again with fewer of them. */
const mostTrials = 60;

async function settled(): Promise<Neighbours> {
  const neighbours = await Neighbours.move();
  const { server } = neighbours;
  onTestFinished(() => void server.close());
  return neighbours;
}

/** Scales, rolls out, goes back and deletes, as if nothing had been. Throws when one of it does not come about. */
async function serve({ harness }: Neighbours): Promise<void> {
  const merge = { headers: { 'content-type': 'application/merge-patch+json' } };
  const former = (await harness.call('GET', deploymentPath)).body<{ spec: { template: object } }>().spec.template;
  await harness.call('PATCH', deploymentPath, { body: { spec: { replicas: 3 } }, ...merge });
  await passUntil(harness, 'three replicas', () => isRolledOut(harness));
  await setTemplate(harness, templateOf('web', 'web:3'));
  await passUntil(harness, 'the next revision', () => isRolledOut(harness));
  await setTemplate(harness, former);
  await passUntil(harness, 'the former revision', () => isRolledOut(harness));
  await harness.call('DELETE', `${deploymentPath}?propagationPolicy=Foreground`);
  await passUntil(harness, 'no Deployment', async () => (await harness.call('GET', deploymentPath)).status === 404);
}

/** What of it does not come about. */
async function unserved(neighbours: Neighbours): Promise<readonly string[]> {
  try {
    await serve(neighbours);
    return [];
  } catch (error) {
    return [`b is not served: ${errorMessage(error)}`];
  }
}

/** What was wrong, and after how many operations. */
interface Failure {
  readonly wrongs: readonly string[];
  readonly after: number;
}

/** Does everything, until something is wrong or all is done and the dust has settled; then `b` does something itself. */
async function follow(neighbours: Neighbours, operations: readonly Operation[]): Promise<Failure | undefined> {
  for (const [index, operation] of [...operations, { seconds: 330 }].entries()) {
    await neighbours.act(operation);
    const wrongs = await neighbours.wrongs();
    if (wrongs.length > 0) return { wrongs, after: index + 1 };
  }
  const wrongs = await neighbours.harm();
  if (wrongs.length === 0) wrongs.push(...(await unserved(neighbours)));
  return wrongs.length === 0 ? undefined : { wrongs, after: operations.length };
}

/** Leaves out what a failure does not need, by halves, then quarters and so on. */
async function shrunk(operations: readonly Operation[]): Promise<readonly Operation[]> {
  let needed = operations;
  let trials = 0;
  for (let size = Math.ceil(needed.length / 2); size >= 1 && trials < mostTrials; size = Math.floor(size / 2)) {
    for (let start = 0; start < needed.length && trials < mostTrials; trials += 1) {
      const fewer = [...needed.slice(0, start), ...needed.slice(start + size)];
      const neighbours = await settled();
      if ((await follow(neighbours, fewer)) === undefined) start += size;
      else needed = fewer;
      await neighbours.leave();
    }
  }
  return needed;
}

/** What goes wrong with these operations, and the ones among them that it takes; nothing when all is well. */
async function tried(neighbours: Neighbours, operations: readonly Operation[]): Promise<readonly string[]> {
  const failure = await follow(neighbours, operations);
  if (failure === undefined) return [];
  const needed = await shrunk(operations.slice(0, failure.after));
  return [...failure.wrongs, 'which these do:', ...needed.map((operation) => JSON.stringify(operation))];
}

/** The tenant of `a` goes: first it lets go of what it holds back itself. */
async function deleteNamespace({ harness }: Neighbours): Promise<void> {
  for (const { apiVersion, kind, metadata } of await objectsOf(harness.store, 'a')) {
    const plural = kinds.find((each) => each.kind === kind)?.plural ?? '';
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    await harness.call('PATCH', `${root}/namespaces/a/${plural}/${metadata.name ?? ''}`, {
      body: { metadata: { finalizers: null } },
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  }
  const path = '/api/v1/namespaces/a';
  await harness.call('DELETE', path);
  await passUntil(harness, 'a is gone', async () => (await harness.call('GET', path)).status === 404);
  await pass(harness, 330);
}

describe('two tenants', () => {
  test('a quiet one stays as it is beside one that does nothing', async () => {
    const neighbours = await settled();
    expect(await follow(neighbours, [{ seconds: 610 }])).toBeUndefined();
    expect(neighbours.harness.reported).toEqual([]);
  });

  test.for(Array.from({ length: runs }, (_, index) => firstSeed + index))(
    'whatever one does, the other stays as it is (seed %i)',
    { timeout: 300_000 },
    async (seed) => {
      const neighbours = await settled();
      const { objects, before, names } = neighbours;
      const source = new Operations(randomNumbers(seed), { objects, resources: before.resources, names });
      const operations = source.take(operationsOfRun);
      expect(await tried(neighbours, operations)).toEqual([]);
      await neighbours.remember();
      await deleteNamespace(neighbours);
      expect(await neighbours.leftovers()).toEqual([]);
      expect(await neighbours.harm()).toEqual([]);
    },
  );
});

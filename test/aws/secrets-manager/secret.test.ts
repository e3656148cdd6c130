import { DescribeSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { deleteSecret, ensureSecret, restoreSecret } from '../../../aws/secrets-manager/secret.ts';
import type { CallFault } from '../../../local/faults.ts';
import { ownershipTags } from '../../../translate/tags.ts';
import { emulateAws } from '../../support/emulation.ts';

const owner = { kind: 'Pod', namespace: 'default', name: 'one', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const plan = {
  Name: 'skiff/skiff/default/0123456789abcdef',
  Description: 'Pod default/one: variables of its containers',
  SecretString: '{"app_A":"1"}',
  Tags: ownershipTags({ name: 'skiff' }, owner).map(({ key, value }) => ({ Key: key, Value: value })),
};
const ownership = { installation: 'skiff', uids: [owner.uid] };
const SecretId = plan.Name;

/** AWS where the calls of one operation go wrong, until the test says that they do not. */
function failing(operation: string, fault: CallFault) {
  const state = { fails: true };
  const call = (made: { readonly operation: string }) =>
    state.fails && made.operation === operation ? fault : undefined;
  return { ...emulateAws({ faults: { call } }), state };
}

describe('keeping a secret', () => {
  test('makes it once, and answers its ARN each time', async () => {
    const { clients } = emulateAws();
    const arn = await ensureSecret(clients, plan);
    expect(arn).toContain(`:secret:${plan.Name}-`);
    expect(await ensureSecret(clients, plan)).toBe(arn);
    expect(await clients.secretsmanager.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      Tags: plan.Tags,
      Description: plan.Description,
    });
  });

  test('takes the deletion of the same secret back', async () => {
    const { clients } = emulateAws();
    const arn = await ensureSecret(clients, plan);
    await deleteSecret(clients, plan.Name, ownership);
    expect(await ensureSecret(clients, plan)).toBe(arn);
    const { SecretString } = await clients.secretsmanager.send(new GetSecretValueCommand({ SecretId }));
    expect(SecretString).toBe(plan.SecretString);
  });

  test.each(['lost-answer', 'throttle', 'unavailable'] as const)('may be repeated after %s', async (fault) => {
    for (const operation of ['CreateSecret', 'DescribeSecret', 'RestoreSecret']) {
      const { clients, state } = failing(operation, fault);
      if (operation !== 'CreateSecret') {
        state.fails = false;
        await ensureSecret(clients, plan);
        await deleteSecret(clients, plan.Name, ownership);
        state.fails = true;
      }
      await expect(ensureSecret(clients, plan)).rejects.toThrow(`keeping secret ${plan.Name}`);
      state.fails = false;
      const arn = await ensureSecret(clients, plan);
      expect(await clients.secretsmanager.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN: arn });
    }
  });
});

describe('deleting a secret', () => {
  test('can be repeated, and can be taken back for seven days', async () => {
    const { clients, clock } = emulateAws();
    await ensureSecret(clients, plan);
    await deleteSecret(clients, plan.Name, ownership);
    await deleteSecret(clients, plan.Name, ownership);
    await clock.advance(7 * 86_400_000 - 1);
    await restoreSecret(clients, plan.Name, ownership);
    await restoreSecret(clients, plan.Name, ownership);
    await expect(clients.secretsmanager.send(new GetSecretValueCommand({ SecretId }))).resolves.toBeDefined();
  });

  test('of one that is not there is no error, nor is restoring it', async () => {
    const { clients } = emulateAws();
    await expect(deleteSecret(clients, plan.Name, ownership)).resolves.toBeUndefined();
    await expect(restoreSecret(clients, plan.Name, ownership)).resolves.toBeUndefined();
  });

  test('has been done when its answer is lost', async () => {
    const { clients } = failing('DeleteSecret', 'lost-answer');
    await ensureSecret(clients, plan);
    await deleteSecret(clients, plan.Name, ownership);
    const { DeletedDate } = await clients.secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    expect(DeletedDate).toBeInstanceOf(Date);
  });

  test('may be repeated after it was throttled', async () => {
    const { clients, state } = failing('DeleteSecret', 'throttle');
    await ensureSecret(clients, plan);
    await expect(deleteSecret(clients, plan.Name, ownership)).rejects.toThrow(`deleting secret ${plan.Name}`);
    state.fails = false;
    await deleteSecret(clients, plan.Name, ownership);
    const { DeletedDate } = await clients.secretsmanager.send(new DescribeSecretCommand({ SecretId }));
    expect(DeletedDate).toBeInstanceOf(Date);
  });
});

test.each([
  ['object', { ...ownership, uids: ['another'] }],
  ['installation', { ...ownership, installation: 'other' }],
])("leaves another %s's secret alone", async (_, other) => {
  const { clients } = emulateAws();
  await ensureSecret(clients, plan);
  await deleteSecret(clients, plan.Name, other);
  const described = () => clients.secretsmanager.send(new DescribeSecretCommand({ SecretId }));
  expect((await described()).DeletedDate).toBeUndefined();
  await deleteSecret(clients, plan.Name, ownership);
  await restoreSecret(clients, plan.Name, other);
  expect((await described()).DeletedDate).toBeDefined();
});

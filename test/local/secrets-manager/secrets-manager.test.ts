import { CreateSecretCommand, DeleteSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import type { SecretRecord } from '../../../local/secrets-manager/state.ts';
import { describeSecretsManager } from '../../conformance/secrets-manager.ts';
import { KeptEntries } from '../../support/kept-entries.ts';
import { emulateAws } from '../../support/emulation.ts';

describeSecretsManager('the emulation', async () => {
  const { clients, clock } = emulateAws();
  return { client: clients.secretsmanager, pass: (seconds) => clock.advance(seconds * 1000) };
});

describe('the emulated Secrets Manager', () => {
  test('has its secrets again after a restart, those that are deleted too', async () => {
    const secretsPersistence = new KeptEntries<SecretRecord>();
    const first = emulateAws({ secretsPersistence });
    const before = first.clients.secretsmanager;
    const { ARN } = await before.send(new CreateSecretCommand({ Name: 'kept', SecretString: 'x' }));
    await before.send(new CreateSecretCommand({ Name: 'deleted', SecretString: 'y' }));
    await before.send(new DeleteSecretCommand({ SecretId: 'deleted', RecoveryWindowInDays: 7 }));
    const second = emulateAws({ secretsPersistence, clock: first.clock });
    const after = second.clients.secretsmanager;
    expect(await after.send(new GetSecretValueCommand({ SecretId: 'kept' }))).toMatchObject({ ARN, SecretString: 'x' });
    await expect(after.send(new GetSecretValueCommand({ SecretId: 'deleted' }))).rejects.toThrow('marked for deletion');
  });

  test.each([
    ['binary values', new CreateSecretCommand({ Name: 'a', SecretBinary: new Uint8Array(1) })],
    ['keys of one’s own', new CreateSecretCommand({ Name: 'a', SecretString: 'x', KmsKeyId: 'key' })],
  ])('refuses by name what it does not know: %s', async (_what, command) => {
    await expect(emulateAws().clients.secretsmanager.send(command)).rejects.toThrow('not emulated');
  });

  test('refuses to delete without a way back', async () => {
    const { clients } = emulateAws();
    const command = new DeleteSecretCommand({ SecretId: 'a', ForceDeleteWithoutRecovery: true });
    await expect(clients.secretsmanager.send(command)).rejects.toThrow('not emulated');
  });

  test('tells no value in a refusal', async () => {
    const { clients } = emulateAws();
    const command = new CreateSecretCommand({ Name: 'a', SecretString: 'hunter2'.repeat(10_000) });
    await expect(clients.secretsmanager.send(command)).rejects.toMatchObject({
      message: expect.not.stringContaining('hunter2'),
    });
  });
});

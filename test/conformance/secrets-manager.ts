import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RestoreSecretCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, test } from 'vitest';

export interface SecretsManagerUnderTest {
  readonly client: SecretsManagerClient;
  /** Lets so many seconds pass; absent where time is AWS's own. */
  readonly pass?: (seconds: number) => Promise<void>;
}

const daySeconds = 86_400;

/** The rules of Secrets Manager that Skiff stands on, through an SDK client alone. Names are of each test's own. */
export function describeSecretsManager(name: string, open: () => Promise<SecretsManagerUnderTest>): void {
  describe(`${name} keeps the rules of Secrets Manager`, () => {
    let under: SecretsManagerUnderTest;
    let secret: string;
    beforeEach(async () => {
      under = await open();
      secret = `skiff/test/${randomUUID()}`;
    });
    const create = (input: Partial<CreateSecretCommandInput> = {}) =>
      under.client.send(new CreateSecretCommand({ Name: secret, SecretString: '{"a":"1"}', ...input }));
    const value = async (SecretId: string) =>
      (await under.client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
    const describeSecret = (SecretId = secret) => under.client.send(new DescribeSecretCommand({ SecretId }));
    const remove = (RecoveryWindowInDays?: number) =>
      under.client.send(new DeleteSecretCommand({ SecretId: secret, RecoveryWindowInDays }));
    const restore = () => under.client.send(new RestoreSecretCommand({ SecretId: secret }));

    test('a secret has an ARN that ends in six characters nobody can foresee', async () => {
      const { ARN, Name } = await create();
      expect(Name).toBe(secret);
      expect(ARN).toMatch(new RegExp(`^arn:aws:secretsmanager:[a-z0-9-]+:\\d{12}:secret:${secret}-[A-Za-z0-9]{6}$`));
    });

    test('is found by its name, its ARN, and its ARN without those', async () => {
      const { ARN = '' } = await create();
      for (const id of [secret, ARN, ARN.slice(0, -7)]) expect(await value(id)).toBe('{"a":"1"}');
      await expect(value(ARN.slice(0, -1))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('is described without its value', async () => {
      const Tags = [{ Key: 'skiff.dev/kind', Value: 'Pod' }];
      await create({ Description: 'a test', Tags });
      const described = await describeSecret();
      expect(described).toMatchObject({ Name: secret, Description: 'a test', Tags, CreatedDate: expect.any(Date) });
      expect(JSON.stringify(described)).not.toContain('"1"');
      expect(described.DeletedDate).toBeUndefined();
    });

    test('the same request makes the same secret', async () => {
      const ClientRequestToken = randomUUID();
      const first = await create({ ClientRequestToken });
      expect((await create({ ClientRequestToken })).ARN).toBe(first.ARN);
    });

    test.each([
      ['another token', { ClientRequestToken: randomUUID() }],
      ['another value', { SecretString: 'other' }],
    ])('a name that is taken is refused: %s', async (_what, other) => {
      const ClientRequestToken = randomUUID();
      await create({ ClientRequestToken });
      await expect(create({ ClientRequestToken, ...other })).rejects.toMatchObject({ name: 'ResourceExistsException' });
    });

    test.each<[string, Partial<CreateSecretCommandInput>, string]>([
      ['an empty name', { Name: '' }, 'ValidationException'],
      ['a name that is too long', { Name: 'x'.repeat(513) }, 'ValidationException'],
      ['a blank in a name', { Name: 'a b' }, 'InvalidParameterException|ValidationException'],
      ['a short token', { ClientRequestToken: 'short' }, 'ValidationException|InvalidParameterException'],
      ['a value that is too long', { SecretString: 'x'.repeat(65_537) }, 'ValidationException'],
    ])('refuses %s', async (_what, input, names) => {
      const error: unknown = await create(input).catch((refusal: unknown) => refusal);
      expect(error).toMatchObject({ name: expect.stringMatching(new RegExp(`^(${names})$`)) });
    });

    test('a deleted secret has no value, keeps its name, and can be had back', async () => {
      const { ARN } = await create();
      const { DeletionDate } = await remove(7);
      expect(DeletionDate).toBeInstanceOf(Date);
      await expect(value(secret)).rejects.toMatchObject({ name: 'InvalidRequestException' });
      await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestException' });
      expect((await describeSecret()).DeletedDate).toBeInstanceOf(Date);
      expect((await restore()).ARN).toBe(ARN);
      expect(await value(secret)).toBe('{"a":"1"}');
      expect((await describeSecret()).DeletedDate).toBeUndefined();
    });

    test('one that is not deleted is restored as it is', async () => {
      const { ARN } = await create();
      expect((await restore()).ARN).toBe(ARN);
    });

    test('refuses a window that is too short or too long', async () => {
      await create();
      for (const days of [6, 31]) {
        await expect(remove(days)).rejects.toMatchObject({ name: 'InvalidParameterException' });
      }
    });

    test('refuses what is not there', async () => {
      const missing = { name: 'ResourceNotFoundException' };
      await expect(value(secret)).rejects.toMatchObject(missing);
      await expect(describeSecret()).rejects.toMatchObject(missing);
      await expect(restore()).rejects.toMatchObject(missing);
      await expect(remove(7)).rejects.toMatchObject(missing);
    });

    test('at the end of the window a secret is gone, and its name is free', async ({ skip }) => {
      const { pass } = under;
      if (pass === undefined) return skip('nobody waits for AWS so long');
      const { ARN } = await create();
      await remove(7);
      await pass(7 * daySeconds - 1);
      await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestException' });
      await pass(1);
      await expect(restore()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
      expect((await create()).ARN).not.toBe(ARN);
    });
  });
}

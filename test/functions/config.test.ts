import { expect, test } from 'vitest';
import { readConfig } from '../../functions/config.ts';
import { localInstallation } from '../../local/installation.ts';

const queue = 'https://sqs.us-east-1.amazonaws.com/123456789012';
const environment = {
  SKIFF_INSTALLATION: JSON.stringify(localInstallation),
  SKIFF_TABLE: 'skiff',
  SKIFF_QUEUE_URL: `${queue}/skiff.fifo`,
  SKIFF_DELAY_QUEUE_URL: `${queue}/skiff-delayed`,
  SKIFF_DEAD_LETTER_QUEUE_URL: `${queue}/skiff-set-aside.fifo`,
};

test('the environment of a function is read', () => {
  expect(readConfig({ ...environment, SKIFF_TOKEN_SHA256: '0'.repeat(64), SKIFF_WATCH_SECONDS: '60' })).toEqual({
    installation: localInstallation,
    tableName: 'skiff',
    queues: {
      queueUrl: `${queue}/skiff.fifo`,
      delayQueueUrl: `${queue}/skiff-delayed`,
      deadLetterQueueUrl: `${queue}/skiff-set-aside.fifo`,
    },
    tokenDigest: '0'.repeat(64),
    maximumWatchSeconds: 60,
  });
});

test('there is no token unless one is configured', () => {
  expect(readConfig(environment)).not.toHaveProperty('tokenDigest');
  expect(readConfig(environment).maximumWatchSeconds).toBe(840);
});

test.each([
  ['SKIFF_INSTALLATION', undefined],
  ['SKIFF_INSTALLATION', '{'],
  ['SKIFF_INSTALLATION', '{"name":"skiff"}'],
  ['SKIFF_TABLE', ''],
  ['SKIFF_QUEUE_URL', 'skiff.fifo'],
  ['SKIFF_TOKEN_SHA256', 'secret-token'],
  ['SKIFF_TOKEN_SHA256', ''],
  ['SKIFF_WATCH_SECONDS', '0'],
  ['SKIFF_WATCH_SECONDS', '900'],
])('%s cannot be %j', (name, value) => {
  const read = () => readConfig({ ...environment, [name]: value });
  expect(read).toThrow(name);
  expect(read).not.toThrow('secret-token');
});

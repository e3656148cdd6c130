import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkedLine } from '../../local/checked-lines.ts';
import { openStateJournal } from '../../local/state-journal.ts';
import type { Kept } from '../../local/ecs/snapshot.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const cluster = (name: string): Kept => ['clusters', { arn: `arn:${name}`, name, tags: [] }];

const open = (path: string, growthBytes?: number) =>
  openStateJournal<Kept>(
    path,
    { name: 'skiff-ecs', version: '2' },
    {
      durability: 'kernel',
      report: (error) => {
        throw error;
      },
      ...(growthBytes === undefined ? {} : { growthBytes }),
    },
  );

describe('the journal of a state', () => {
  const file = async (): Promise<string> => join(await temporaryDirectory(), 'ecs.journal');

  test('holds what was appended, in order', async () => {
    const path = await file();
    const first = open(path);
    expect([...first.load()]).toEqual([]);
    first.append([cluster('a'), cluster('b')]);
    first.append([cluster('c')]);
    first.close();
    expect([...open(path).load()]).toEqual([cluster('a'), cluster('b'), cluster('c')]);
  });

  test('holds the state alone once it has been tidied', async () => {
    const path = await file();
    const first = open(path, 1);
    first.append([cluster('a'), cluster('b')]);
    first.tidy(() => [cluster('b')]);
    first.append([cluster('c')]);
    first.close();
    expect([...open(path).load()]).toEqual([cluster('b'), cluster('c')]);
  });

  test.each([
    ['of something else', checkedLine(['skiff-journal', '1']), 'it is not a journal of skiff-ecs'],
    ['of another format', checkedLine(['skiff-ecs', '99']), 'it has format 99'],
  ])('refuses a file %s', async (_what, content, message) => {
    const path = await file();
    writeFileSync(path, content);
    expect(() => open(path)).toThrow(`${path} cannot be used: ${message}`);
  });
});

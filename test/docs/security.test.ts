import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const rows = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('|') && !line.startsWith('|---') && !line.endsWith('| test |'));

/** `test/local/server.test.ts`: closes a connection that stays silent */
const reference = /^`(test\/[^`]+\.ts)`: (.+)$/;

interface Named {
  readonly file: string;
  readonly name: string;
}

const named = rows.flatMap((row) => {
  const cell = row.split('|').at(-2)?.trim() ?? '';
  return cell.split('<br>').map((text): Named | string => referenceOf(text) ?? text);
});

function referenceOf(text: string): Named | undefined {
  const [, file, name] = reference.exec(text.trim()) ?? [];
  return file === undefined || name === undefined ? undefined : { file, name };
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** As it stands in the source, where a quotation mark may have a backslash before it. */
const isThere = ({ file, name }: Named): boolean => textOf(file).replaceAll('\\', '').includes(name);

describe('docs/security.md', () => {
  test('says something of each of those who attack', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  test('names tests that there are', () => {
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((each) => typeof each === 'string' || !isThere(each))).toEqual([]);
  });
});

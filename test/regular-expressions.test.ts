import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folders = ['aws', 'cli', 'functions', 'infra', 'kubernetes', 'local', 'translate'];

test('no regular expression is made of a text', () => {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const sources = files.filter((file) => file.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => /\bRegExp\(/.test(readFileSync(file, 'utf8')))).toEqual([]);
});

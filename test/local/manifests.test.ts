import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifests } from '../../local/manifests.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const named = (name: string): string => `kind: ConfigMap\nmetadata: {name: ${name}}\n`;

test('files come in the order given, those of a directory and of the ones in it in the order of their names', async () => {
  const directory = await temporaryDirectory();
  const folder = join(directory, 'folder');
  mkdirSync(join(folder, 'deeper'), { recursive: true });
  const single = join(directory, 'single.txt');
  writeFileSync(single, `${named('one')}---\n${named('two')}`);
  writeFileSync(join(folder, 'b.yaml'), named('four'));
  writeFileSync(join(folder, 'a.yml'), named('three'));
  writeFileSync(join(folder, 'c.json'), '{"kind":"List","apiVersion":"v1","items":[{"metadata":{"name":"five"}}]}');
  writeFileSync(join(folder, 'notes.md'), '# not a manifest');
  writeFileSync(join(folder, 'deeper', 'd.yaml'), named('six'));
  mkdirSync(join(folder, '.hidden'));
  writeFileSync(join(folder, '.hidden', 'e.yaml'), named('no'));
  symlinkSync(folder, join(folder, 'deeper', 'round'));
  const manifests = await readManifests([single, folder]);
  const names = manifests.map(({ body }) => (body.value as { metadata: { name: string } }).metadata.name);
  expect(names).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  expect(manifests.map(({ source }) => source.slice(directory.length + 1))).toEqual([
    'single.txt',
    'single.txt',
    'folder/a.yml',
    'folder/b.yaml',
    'folder/c.json',
    'folder/deeper/d.yaml',
  ]);
});

test('refuses what is not there or cannot be understood, and names it', async () => {
  const directory = await temporaryDirectory();
  const missing = join(directory, 'missing.yaml');
  await expect(readManifests([missing])).rejects.toThrow(missing);
  const broken = join(directory, 'broken.yaml');
  writeFileSync(broken, 'a: [');
  await expect(readManifests([broken])).rejects.toThrow(`${broken}: error parsing the documents`);
  await expect(readManifests([directory])).rejects.toThrow(broken);
  const empty = join(directory, 'empty');
  mkdirSync(empty);
  await expect(readManifests([empty])).rejects.toThrow(`${empty}: there is no .yaml, .yml or .json file in it`);
  const binary = join(directory, 'binary.yaml');
  writeFileSync(binary, Buffer.from([0xff, 0xfe, 0x41, 0x00]));
  await expect(readManifests([binary])).rejects.toThrow(`${binary}: this is not UTF-8 text`);
});

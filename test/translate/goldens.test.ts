import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHash } from '../../aws/content-hash.ts';
import { parseDocuments } from '../../kubernetes/decode/documents.ts';
import { prepareManifests } from '../../translate/manifests.ts';
import { planManifests } from '../../translate/plan-manifests.ts';
import { installation } from './support/installation.ts';

/** Each folder is one feature: manifests, and what becomes of them. `vitest -u` writes the answers anew. */
const folder = join(import.meta.dirname, '../fixtures/translate');

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

test.each(readdirSync(folder))('%s', async (feature) => {
  let ids = 0;
  const manifests = prepareManifests(parseDocuments(readFileSync(join(folder, feature, 'manifest.yaml'), 'utf8')), {
    namespace: 'default',
    now: '2026-01-01T00:00:00Z',
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    random: () => 0,
  });
  expect(manifests.refused).toEqual([]);
  const plan = planManifests(manifests.objects, {
    installation,
    accountId: '123456789012',
    revision: 'revision',
    hash: contentHash,
  });
  const { requests, warnings, refused } = plan;
  await expect(json(requests)).toMatchFileSnapshot(join(folder, feature, 'plan.json'));
  await expect(json({ warnings, refused })).toMatchFileSnapshot(join(folder, feature, 'findings.json'));
});

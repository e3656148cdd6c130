import { expect, test } from 'vitest';
import { ownerOfTags, ownershipTags } from '../../translate/tags.ts';

const owner = { kind: 'Deployment', namespace: 'shop', name: 'web.v1', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const tags = ownershipTags({ name: 'skiff' }, owner);

test('the owner is read back from tags, as a list and as a record', () => {
  const read = { ...owner, installation: 'skiff', manager: 'runtime' };
  expect(ownerOfTags(tags)).toEqual(read);
  expect(ownerOfTags(Object.fromEntries(tags.map((tag) => [tag.key, tag.value])))).toEqual(read);
});

test('a resource without all of the tags has no owner', () => {
  for (const left of tags.filter((tag) => tag.key !== 'skiff.dev/manager')) {
    expect(ownerOfTags(tags.filter((tag) => tag !== left))).toBeUndefined();
  }
});

test('tags are what AWS takes', () => {
  for (const { key, value } of tags) {
    expect(key).toMatch(/^(?!aws:)[\w .:/=+@-]{1,128}$/);
    expect(value).toMatch(/^[\w .:/=+@-]{0,256}$/);
  }
});

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { decode } from '../../../kubernetes/decode/decode.ts';
import { parseDocuments } from '../../../kubernetes/decode/documents.ts';
import { cloneJson } from '../../../kubernetes/json-value.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import { defaultPullPolicy } from '../../../kubernetes/pod-spec/defaults/image.ts';
import { prepareCreate, prepareUpdate, type WriteContext } from '../../../kubernetes/prepare.ts';
import { kindOf } from '../../../kubernetes/registry.ts';

const folder = fileURLToPath(new URL('../../fixtures/defaults/', import.meta.url));
const context: WriteContext = { now: '2026-01-02T03:04:05Z', newId: () => 'uid-1', random: () => 0 };

interface Fixture {
  readonly kind: Kind;
  readonly given: ReturnType<typeof parseDocuments>[number];
  readonly stored: unknown;
}

function readFixture(name: string): Fixture {
  const [given, stored] = parseDocuments(readFileSync(folder + name, 'utf8'));
  if (given === undefined || stored === undefined) throw new Error(`${name} is incomplete`);
  const { apiVersion, kind: kindName } = given.value as { apiVersion: string; kind: string };
  const kind = kindOf(apiVersion, kindName);
  if (kind === undefined) throw new Error(`${name} is of no kind`);
  return { kind, given, stored: stored.value };
}

describe.for(readdirSync(folder))('defaults of %s', (name) => {
  const { kind, given, stored } = readFixture(name);
  const create = () => prepareCreate(kind, decode(kind, given, 'Strict').object, context);

  test('are those of a kube-apiserver', ({ expect }) => {
    const { object, errors } = create();
    expect(errors).toEqual([]);
    expect(object).toEqual(stored);
  });

  test('change nothing the second time', ({ expect }) => {
    const { object } = create();
    const again = cloneJson(object);
    kind.defaults(again);
    expect(again).toEqual(object);
  });

  test('change nothing when the stored object is sent back', ({ expect }) => {
    const previous = { ...create().object };
    previous.metadata = { ...previous.metadata, resourceVersion: '7' };
    const sent = decode(kind, { value: cloneJson(previous), duplicates: [] }, 'Strict').object;
    const { object, errors } = prepareUpdate(kind, { object: sent, previous }, context);
    expect(errors).toEqual([]);
    expect(object).toEqual(previous);
  });
});

test.for([
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['registry:5000/nginx', 'Always'],
  ['nginx:1.29', 'IfNotPresent'],
  ['registry:5000/team/nginx:1', 'IfNotPresent'],
  ['nginx@sha256:4bcd', 'IfNotPresent'],
  ['nginx:latest@sha256:4bcd', 'Always'],
] as const)('the image %s is pulled %s', ([image, policy], { expect }) => {
  expect(defaultPullPolicy(image)).toBe(policy);
});

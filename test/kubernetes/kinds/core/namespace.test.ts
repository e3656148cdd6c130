import { describe, expect, test } from 'vitest';
import { namespace } from '../../../../kubernetes/kinds/core/namespace.ts';
import { cells, created, texts, updated } from '../../../support/prepared.ts';

describe('a Namespace', () => {
  test('can be selected by its name, is active, and is held back until its content is gone', () => {
    const { object, errors } = created(namespace, { metadata: { name: 'dd' }, status: { phase: 'Terminating' } });
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'dd' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
    expect(namespace.heldBack?.(object)).toBe(true);
    expect(cells(namespace, object)).toEqual(['dd', 'Active', '90s']);
  });

  test('that gets its name from the server has the label too, once it is written again', () => {
    const { object } = created(namespace, { metadata: { generateName: 'dd-' } });
    expect(object.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'dd-bbbbb' });
  });

  test('keeps its label whatever a client says', () => {
    const { object } = created(namespace, { metadata: { name: 'dd' } });
    const change = (each: typeof object) => (each.metadata.labels = { 'kubernetes.io/metadata.name': 'x' });
    expect(updated(namespace, object, { change }).object.metadata.labels).toEqual({
      'kubernetes.io/metadata.name': 'dd',
    });
  });

  test('refuses a name that is no DNS label, and one that is too long for its label as well', () => {
    const label =
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    const errorsOf = (name: string) => texts(created(namespace, { metadata: { name } }).errors);
    expect(errorsOf('A_b')).toEqual([`metadata.name: Invalid value: "A_b": ${label}`]);
    const long = 'a'.repeat(64);
    expect(errorsOf(long)).toEqual([
      `metadata.name: Invalid value: "${long}": must be no more than 63 characters`,
      `metadata.labels: Invalid value: "${long}": must be no more than 63 characters`,
    ]);
  });

  test('is terminating while it is deleted, and never otherwise', () => {
    const { object } = created(namespace, {});
    const early = updated(namespace, object, {
      subresource: 'status',
      change: (each) => (each.status = { phase: 'Terminating' }),
    });
    expect(texts(early.errors)).toEqual([
      `status.Phase: Invalid value: "Terminating": may only be 'Active' if \`deletionTimestamp\` is empty`,
    ]);
    object.metadata.deletionTimestamp = '2026-01-02T03:04:05Z';
    namespace.prepareDelete?.(object);
    expect(object.status).toEqual({ phase: 'Terminating' });
    expect(updated(namespace, object, { change: (each) => (each.metadata.labels = { a: 'b' }) }).errors).toEqual([]);
  });

  test('cannot be deleted with others in one request', () => {
    expect(namespace.verbs).not.toContain('deletecollection');
  });
});

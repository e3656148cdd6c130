import { describe, expect, test } from 'vitest';
import { invalid } from '../../kubernetes/field-errors.ts';
import { invalidObject } from '../../kubernetes/status-error.ts';

const resource = { group: 'apps', plural: 'deployments', kind: 'Deployment' };
const errors = (count: number) => Array.from({ length: count }, (_, index) => invalid(`spec.a[${index}]`, 'x', 'no'));

describe('an invalid object', () => {
  test('tells every cause, the same text once', () => {
    const { status } = invalidObject(resource, 'web', [...errors(2), ...errors(1)]);
    expect(status.message).toBe(
      'Deployment.apps "web" is invalid: [spec.a[0]: Invalid value: "x": no, spec.a[1]: Invalid value: "x": no]',
    );
    expect(status.details?.causes).toHaveLength(3);
  });

  test('tells of hundreds of causes, and how many more there are', () => {
    const { status } = invalidObject(resource, 'web', errors(100_000));
    expect(status.details?.causes).toHaveLength(500);
    expect(status.message).toMatch(/, and 99500 more\]$/);
  });
});

import { describe, expect, test } from 'vitest';
import { forbidden, invalid, required, type FieldError } from '../../kubernetes/field-errors.ts';
import { badRequest, conflict, fieldConflicts, invalidObject, objectNotFound } from '../../kubernetes/status-error.ts';

const resource = { group: 'apps', plural: 'deployments', kind: 'Deployment' };
const huge = 'x'.repeat(1_000_000);
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

  test.each<[string, FieldError[]]>([
    ['values', Array.from({ length: 1000 }, (_, index) => invalid(`spec.a[${index}]`, huge, 'no'))],
    ['details', Array.from({ length: 1000 }, (_, index) => forbidden(`spec.a[${index}]`, huge))],
    ['fields', Array.from({ length: 1000 }, (_, index) => required(`data[${huge}${index}]`))],
  ])('has a bounded size whatever its client wrote into %s', (_where, causes) => {
    const { status } = invalidObject(resource, huge, causes);
    expect(JSON.stringify(status).length).toBeLessThan(200_000);
    expect(status.details?.causes?.length).toBeGreaterThan(10);
    expect(status.message).toMatch(/, and \d+ more\]$/);
  });
});

describe('any error', () => {
  test.each([
    badRequest(huge),
    objectNotFound(resource, huge),
    conflict(resource, huge, huge),
    fieldConflicts(
      huge,
      Array.from({ length: 10_000 }, () => ({ message: huge, field: huge })),
    ),
  ])('has a bounded size', ({ status, message }) => {
    expect(JSON.stringify(status).length).toBeLessThan(200_000);
    expect(message).toBe(status.message);
  });
});

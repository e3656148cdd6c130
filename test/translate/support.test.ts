import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { parseDocuments } from '../../kubernetes/decode/documents.ts';
import { podSpec } from '../../kubernetes/pod-spec/pod-spec.ts';
import { supportEntries, supportFindings } from '../../translate/support.ts';

/** Paths of all leaves of a schema; lists end in `[]`, maps are leaves. */
function leaves(schema: z.core.$ZodType, path: string): string[] {
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return leaves(definition.innerType, path);
    case 'pipe':
      return leaves(definition.in, path);
    case 'lazy':
      return leaves(definition.getter(), path);
    case 'array':
      return leaves(definition.element, `${path}[]`);
    case 'object':
      return Object.entries(definition.shape).flatMap(([field, inner]) =>
        leaves(inner, path === '' ? field : `${path}.${field}`),
      );
    default:
      return [path];
  }
}

const inSchema = leaves(podSpec(), '');
const entries = supportEntries();

describe('the support table', () => {
  test('has an entry for every field of the pod spec, and no other', () => {
    const decided = entries.map((entry) => entry.path);
    expect(decided.toSorted()).toEqual(inSchema.toSorted());
    expect(inSchema.length).toBeGreaterThan(700);
  });

  test('gives a reason for all that is warned about or refused', () => {
    const silent = entries.filter(({ decision }) => decision.support !== 'honoured' && decision.reason === '');
    expect(silent).toEqual([]);
  });

  test('has a golden for everything that is honoured', () => {
    const named = new Set(features().flatMap(({ honours }) => honours));
    const honoured = entries.filter(({ decision }) => decision.support === 'honoured').map((entry) => entry.path);
    expect(honoured.filter((path) => !named.has(path))).toEqual([]);
    expect([...named].filter((path) => !honoured.includes(path))).toEqual([]);
  });

  test.each(features())('is proven by a golden that sets what it names: $feature', ({ honours, specs }) => {
    const set = specs.flatMap((spec) => paths(spec, ''));
    // Maps are leaves of the table.
    const isSet = (path: string): boolean => set.some((each) => each === path || each.startsWith(`${path}.`));
    expect(honours.filter((path) => !isSet(path))).toEqual([]);
  });
});

/** Paths of all leaves of a value; lists end in `[]`. */
function paths(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => paths(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([field, inner]) => paths(inner, path === '' ? field : `${path}.${field}`));
}

/** The goldens, with the fields that each says it proves and the pod specs of its manifests. */
function features() {
  const folder = join(import.meta.dirname, '../fixtures/translate');
  return readdirSync(folder).map((feature) => {
    const text = readFileSync(join(folder, feature, 'manifest.yaml'), 'utf8');
    const lines = text.split('\n').filter((line) => line.startsWith('# honours: '));
    const honours = lines.flatMap((line) => line.slice('# honours: '.length).split(' '));
    const specs = parseDocuments(text).flatMap(({ value }) => podSpecs(value));
    return { feature, honours, specs };
  });
}

/** The pod specs in a manifest: its own, or its template's. */
function podSpecs(value: unknown): readonly unknown[] {
  const spec: unknown = Reflect.get(Object(value), 'spec');
  const template: unknown = Reflect.get(Object(spec), 'template');
  return [spec, Reflect.get(Object(template), 'spec')];
}

describe('findings', () => {
  const find = (spec: object) => supportFindings(spec, 'spec');
  const pathsOf = (spec: object) => {
    const { warnings, refused } = find(spec);
    return { warned: warnings.map((finding) => finding.path), refused: refused.map((finding) => finding.path) };
  };

  test('name a structure once, however much of it is set', () => {
    const grpc = { port: 9000, service: 'health' };
    expect(pathsOf({ containers: [{ name: 'web' }, { name: 'b', readinessProbe: { grpc } }] })).toEqual({
      warned: ['spec.containers[1].readinessProbe.grpc'],
      refused: [],
    });
  });

  test('name an empty structure too', () => {
    expect(pathsOf({ volumes: [{ name: 'a', configMap: {} }] }).refused).toEqual(['spec.volumes[0].configMap']);
  });

  test('leave out what Kubernetes fills in', () => {
    const filledIn = {
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      priority: 0,
      securityContext: {},
      terminationGracePeriodSeconds: 30,
      restartPolicy: 'Always',
      containers: [
        {
          name: 'web',
          image: 'nginx',
          imagePullPolicy: 'IfNotPresent',
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          resources: {},
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          readinessProbe: { exec: { command: ['true'] }, successThreshold: 1, timeoutSeconds: 1, periodSeconds: 10 },
        },
      ],
    };
    expect(find(filledIn)).toEqual({ warnings: [], refused: [] });
  });

  test('decide on the keys of a map one by one', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '1', constructor: '1' } };
    expect(
      pathsOf({ nodeSelector: { 'kubernetes.io/arch': 'arm64', disk: 'ssd' }, containers: [{ resources }] }),
    ).toEqual({
      warned: ['spec.nodeSelector[disk]'],
      refused: [
        'spec.containers[0].resources.limits[nvidia.com/gpu]',
        'spec.containers[0].resources.limits[constructor]',
      ],
    });
  });

  test.each([
    ['NET_BIND_SERVICE', []],
    ['SYS_PTRACE', []],
    ['NET_ADMIN', ['spec.containers[0].securityContext.capabilities.add[0]']],
  ])('tell of capability %s as Fargate has it', (capability, refused) => {
    const securityContext = { capabilities: { add: [capability] } };
    expect(pathsOf({ containers: [{ securityContext }] }).refused).toEqual(refused);
  });

  test('begin where the spec stands', () => {
    expect(supportFindings({ hostPID: true }, 'spec.template.spec').refused).toEqual([
      { path: 'spec.template.spec.hostPID', message: 'Fargate has no host to share' },
    ]);
  });
});

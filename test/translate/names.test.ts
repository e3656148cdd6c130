import { describe, expect, test } from 'vitest';
import {
  ecsServiceName,
  logStream,
  parseEcsServiceName,
  parseLogStream,
  parseTaskDefinitionFamily,
  podName,
  taskDefinitionFamily,
} from '../../translate/names.ts';

const uid = '6f1c2d3e-4a5b-4c6d-8e7f-901234567890';
const ecsName = /^[A-Za-z0-9_-]{1,255}$/;
const objects = [
  ['default', 'web'],
  ['default', 'web.v1'],
  ['team-a', 'web-v1'],
  ['team', 'a-web-v1'],
  ['a', 'b.c.d'],
  ['a', '1'],
  ['kube-system', 'x'.repeat(253)],
  ['n'.repeat(63), `${'a.'.repeat(100)}b`],
] as const;

describe('task definition families', () => {
  test.each(objects)('of %s/%s fit ECS', (namespace, name) => {
    expect(taskDefinitionFamily(namespace, name)).toMatch(ecsName);
  });

  test.each(objects.slice(0, 6))('of %s/%s are read back', (namespace, name) => {
    expect(parseTaskDefinitionFamily(taskDefinitionFamily(namespace, name))).toEqual({ namespace, name });
  });

  test('differ for long names that begin alike', () => {
    const long = 'x'.repeat(250);
    expect(taskDefinitionFamily('default', `${long}-a`)).not.toBe(taskDefinitionFamily('default', `${long}-b`));
  });

  test.each(['web', '', 'default_', 'Default_Web', `default_${'x'.repeat(200)}___bcdfghjklmnp`])(
    'are not read from %j',
    (family) => {
      expect(parseTaskDefinitionFamily(family)).toBeUndefined();
    },
  );
});

describe('ECS service names', () => {
  test.each(objects)('of %s/%s fit ECS', (namespace, name) => {
    expect(ecsServiceName(namespace, name, uid)).toMatch(ecsName);
  });

  test.each(objects.slice(0, 6))('of %s/%s are read back', (namespace, name) => {
    expect(parseEcsServiceName(ecsServiceName(namespace, name, uid))).toEqual({
      namespace,
      name,
      uidPrefix: '6f1c2d3e',
    });
  });

  test('differ for an object made anew under the same name', () => {
    expect(ecsServiceName('default', 'web', uid)).not.toBe(ecsServiceName('default', 'web', `0${uid.slice(1)}`));
  });
});

describe('pod names', () => {
  test('are made of the ReplicaSet and the task alone', () => {
    const name = podName('web-7d4b9c8f6d', '0123456789abcdef0123456789abcdef');
    expect(name).toBe(podName('web-7d4b9c8f6d', '0123456789abcdef0123456789abcdef'));
    expect(name).toMatch(/^web-7d4b9c8f6d-[bcdfghjklmnpqrstvwxz2456789]{8}$/);
  });

  test('differ from task to task', () => {
    const names = Array.from({ length: 5000 }, (_, index) => podName('web', index.toString(16).padStart(32, '0')));
    expect(new Set(names).size).toBe(names.length);
  });

  test('fit a label, however long the ReplicaSet is called', () => {
    expect(podName(`${'x'.repeat(52)}.${'y'.repeat(60)}`, 'abc')).toMatch(/^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/);
    expect(podName(`${'x'.repeat(53)}.${'y'.repeat(60)}`, 'abc')).toMatch(/^x{53}-[a-z0-9]{8}$/);
  });
});

describe('log streams', () => {
  test('are read back', () => {
    const stream = logStream('default_web', 'nginx', 'abc');
    expect(stream).toBe('default_web/nginx/abc');
    expect(parseLogStream(stream)).toEqual({ prefix: 'default_web', container: 'nginx', taskId: 'abc' });
  });

  test.each(['', 'a/b', 'a/b/c/d'])('are not read from %j', (stream) => {
    expect(parseLogStream(stream)).toBeUndefined();
  });
});

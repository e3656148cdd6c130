import type { TaskDefinition, Tag } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { deregisterTaskDefinition, registerTaskDefinition } from '../../aws/ecs/task-definition.ts';
import { applyCluster } from '../../aws/ecs/cluster.ts';
import { contentHash } from '../../aws/content-hash.ts';
import { translateTaskDefinition } from '../../translate/task-definition.ts';
import type { TaskDefinitionPlan } from '../../translate/plan.ts';
import { ownershipTags, tagKeys } from '../../translate/tags.ts';
import { installation } from '../translate/support/installation.ts';
import { awsError, recordedEcs } from './support/recorded-ecs.ts';

const owner = { kind: 'Deployment', namespace: 'default', name: 'web', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const surroundings = { installation, configMaps: new Map(), secrets: new Map(), secretArn: () => '' };

function planOf(image: string): TaskDefinitionPlan {
  const template = { spec: { containers: [{ name: 'web', image }] } };
  const { plan } = translateTaskDefinition({ owner, template }, surroundings);
  if (plan === undefined) throw new Error('refused');
  return plan;
}

/** ECS as far as one family goes: revisions with their tags. */
function familyEcs() {
  const revisions: { readonly taskDefinition: TaskDefinition; readonly tags: Tag[] }[] = [];
  return recordedEcs({
    RegisterTaskDefinition: ({ tags = [], ...input }) => {
      const arn = `arn:aws:ecs:eu-west-1:123456789012:task-definition/${input.family}:${revisions.length + 1}`;
      const taskDefinition: TaskDefinition = { ...input, taskDefinitionArn: arn };
      revisions.push({ taskDefinition, tags });
      return { taskDefinition, tags };
    },
    ListTaskDefinitions: ({ maxResults }) => ({
      taskDefinitionArns: revisions
        .map((each) => each.taskDefinition.taskDefinitionArn ?? '')
        .toReversed()
        .slice(0, maxResults),
    }),
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const found = revisions.find((each) => each.taskDefinition.taskDefinitionArn === taskDefinition);
      if (found === undefined) throw awsError('ClientException', 'Unable to describe task definition.');
      return found;
    },
  });
}

describe('registering a task definition', () => {
  test('is done once for the same content', async () => {
    const aws = familyEcs();
    const first = await registerTaskDefinition(aws, planOf('nginx:1'));
    expect(await registerTaskDefinition(aws, planOf('nginx:1'))).toEqual(first);
    expect(aws.writes()).toEqual(['RegisterTaskDefinition']);
    expect(aws.calls[1]?.input['tags']).toContainEqual({ key: 'skiff.dev/hash', value: first.hash });
  });

  test('finds an older revision with the same content again', async () => {
    const aws = familyEcs();
    const first = await registerTaskDefinition(aws, planOf('nginx:1'));
    const second = await registerTaskDefinition(aws, planOf('nginx:2'));
    expect(second.arn).not.toBe(first.arn);
    expect(await registerTaskDefinition(aws, planOf('nginx:1'))).toEqual(first);
    expect(aws.writes()).toHaveLength(2);
  });

  test('does not take the revision of another object of the same name', async () => {
    const aws = familyEcs();
    const first = await registerTaskDefinition(aws, planOf('nginx:1'));
    const template = { spec: { containers: [{ name: 'web', image: 'nginx:1' }] } };
    const { plan } = translateTaskDefinition({ owner: { ...owner, uid: 'another' }, template }, surroundings);
    expect(plan && (await registerTaskDefinition(aws, plan)).arn).not.toBe(first.arn);
  });

  test('says what it was doing when ECS refuses', async () => {
    const aws = recordedEcs({
      ListTaskDefinitions: () => ({ taskDefinitionArns: [] }),
      RegisterTaskDefinition: () => {
        throw awsError('ThrottlingException', 'Rate exceeded');
      },
    });
    await expect(registerTaskDefinition(aws, planOf('nginx'))).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'registering task definition default_web: Rate exceeded',
    });
  });
});

describe('deregistering a task definition', () => {
  const ownership = { installation: installation.name, uids: ['u1'] };
  const active = ({ uid = 'u1', revision = '' } = {}) => ({
    taskDefinition: { status: 'ACTIVE' as const },
    tags: [
      ...ownershipTags(installation, { kind: 'Deployment', namespace: 'shop', name: 'web', uid }),
      { key: tagKeys.revision, value: revision },
    ],
  });
  const fails = (name: string) => (): never => {
    throw awsError(name);
  };

  test.each(['ClientException', 'InvalidParameterException'])('is done when ECS answers %s', async (name) => {
    const aws = recordedEcs({ DescribeTaskDefinition: () => active(), DeregisterTaskDefinition: fails(name) });
    await expect(deregisterTaskDefinition(aws, 'arn', ownership)).resolves.toBeUndefined();
    expect(aws.writes()).toEqual(['DeregisterTaskDefinition']);
  });

  test('is done when ECS does not know it', async () => {
    const aws = recordedEcs({ DescribeTaskDefinition: fails('ClientException') });
    await expect(deregisterTaskDefinition(aws, 'arn', ownership)).resolves.toBeUndefined();
  });

  test('writes nothing when it is inactive already', async () => {
    const aws = recordedEcs({ DescribeTaskDefinition: () => ({ taskDefinition: { status: 'INACTIVE' } }) });
    await deregisterTaskDefinition(aws, 'arn', ownership);
    expect(aws.writes()).toEqual([]);
  });

  test.each([
    ['for the object itself', { uid: 'u1' }],
    ['for it as a revision', { uid: 'of its Deployment', revision: 'u1' }],
  ])('takes one that was registered %s', async (_, made) => {
    const aws = recordedEcs({ DescribeTaskDefinition: () => active(made), DeregisterTaskDefinition: () => ({}) });
    await deregisterTaskDefinition(aws, 'arn', ownership);
    expect(aws.writes()).toEqual(['DeregisterTaskDefinition']);
  });

  test("leaves another object's alone", async () => {
    const aws = recordedEcs({ DescribeTaskDefinition: () => active({ uid: 'u2' }) });
    await deregisterTaskDefinition(aws, 'arn', ownership);
    expect(aws.writes()).toEqual([]);
  });

  test('passes on other errors', async () => {
    const aws = recordedEcs({
      DescribeTaskDefinition: () => active(),
      DeregisterTaskDefinition: fails('ServerException'),
    });
    await expect(deregisterTaskDefinition(aws, 'arn', ownership)).rejects.toThrow('ServerException');
  });
});

describe('the hash of a content', () => {
  test('does not depend on the order of members, nor on members that are undefined', () => {
    expect(contentHash({ a: 1, b: { c: [1, 2], d: undefined } })).toBe(contentHash({ b: { c: [1, 2] }, a: 1 }));
  });

  test('depends on all else', () => {
    const values = [{ a: 1 }, { a: '1' }, { a: [1] }, { a: null }, {}, { a: [1, 2] }, { a: [2, 1] }, null, 'a'];
    expect(new Set(values.map(contentHash)).size).toBe(values.length);
  });
});

describe('the cluster', () => {
  test('is made once', async () => {
    const made: string[] = [];
    const aws = recordedEcs({
      DescribeClusters: () => ({ clusters: made.map((clusterArn) => ({ clusterArn, status: 'ACTIVE' })) }),
      CreateCluster: ({ clusterName = '' }) => {
        made.push(`arn:${clusterName}`);
        return { cluster: { clusterArn: `arn:${clusterName}` } };
      },
    });
    expect(await applyCluster(aws, 'skiff', [])).toBe('arn:skiff');
    expect(await applyCluster(aws, 'skiff', [])).toBe('arn:skiff');
    expect(aws.writes()).toEqual(['CreateCluster']);
  });

  test('is made anew when the one of its name has been deleted', async () => {
    const aws = recordedEcs({
      DescribeClusters: () => ({ clusters: [{ clusterArn: 'old', status: 'INACTIVE' }] }),
      CreateCluster: () => ({ cluster: { clusterArn: 'new' } }),
    });
    expect(await applyCluster(aws, 'skiff', [])).toBe('new');
  });
});

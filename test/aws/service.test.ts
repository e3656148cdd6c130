import type { Service, Tag } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { applyService, listServices, observeService, observeServices, removeService } from '../../aws/ecs/service.ts';
import { translateEcsService } from '../../translate/ecs-service.ts';
import { ownershipOf } from '../../translate/ownership.ts';
import { ownershipTags } from '../../translate/tags.ts';
import { installation } from '../translate/support/installation.ts';
import { awsError, recordedEcs } from './support/recorded-ecs.ts';

const owner = { kind: 'Deployment', namespace: 'default', name: 'web', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/default_web:1';
const plan = translateEcsService({ owner, replicas: 2, taskDefinitionArn }, installation);
const { tags } = plan;
const named = { cluster: plan.cluster, serviceName: plan.serviceName, ownership: ownershipOf(tags) };

/** ECS as far as one service goes: with the defaults that it writes into what it answers, and lists in its own order. */
function serviceEcs(state: { service?: Service | undefined; definitionTags?: Tag[] }) {
  const stored = (input: object): Service => ({
    ...state.service,
    ...input,
    serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/skiff/web',
    status: 'ACTIVE',
    createdAt: new Date('2026-01-01T00:00:00Z'),
  });
  return recordedEcs({
    DescribeServices: () => ({ services: state.service === undefined ? [] : [state.service] }),
    DescribeTaskDefinition: () => ({ tags: state.definitionTags ?? tags }),
    CreateService: (input) => {
      const { subnets = [], securityGroups = [] } = input.networkConfiguration?.awsvpcConfiguration ?? {};
      state.service = stored({
        ...input,
        networkConfiguration: {
          awsvpcConfiguration: { subnets: subnets.toReversed(), securityGroups: securityGroups.toReversed() },
        },
        deploymentConfiguration: {
          strategy: 'ROLLING',
          bakeTimeInMinutes: 0,
          ...input.deploymentConfiguration,
          deploymentCircuitBreaker: {
            enable: false,
            rollback: false,
            ...input.deploymentConfiguration?.deploymentCircuitBreaker,
            resetOnHealthyTask: true,
          },
        },
      });
      return { service: state.service };
    },
    UpdateService: ({ service: _service, cluster: _cluster, ...changes }) => {
      state.service = stored(changes);
      return { service: state.service };
    },
    DeleteService: () => {
      state.service = { ...state.service, status: 'DRAINING' };
      return { service: state.service };
    },
  });
}

describe('applying a service', () => {
  test('makes it, and then writes nothing more', async () => {
    const aws = serviceEcs({});
    expect(await applyService(aws, plan)).toMatchObject({ changed: true, service: { desiredCount: 2 } });
    expect(await applyService(aws, plan)).toMatchObject({ changed: false, service: { desiredCount: 2 } });
    expect(await applyService(aws, plan)).toMatchObject({ changed: false });
    expect(aws.writes()).toEqual(['CreateService']);
  });

  test('writes only what differs, since some members begin a new deployment', async () => {
    const aws = serviceEcs({});
    await applyService(aws, plan);
    expect(await applyService(aws, { ...plan, desiredCount: 5 })).toMatchObject({ changed: true });
    expect(aws.calls.at(-1)).toEqual({
      operation: 'UpdateService',
      input: { cluster: plan.cluster, service: plan.serviceName, desiredCount: 5 },
    });
    expect(await applyService(aws, { ...plan, desiredCount: 5 })).toMatchObject({ changed: false });
  });

  test.each([
    ['taskDefinition', { taskDefinition: taskDefinitionArn.replace(/1$/, '2') }],
    ['deploymentConfiguration', { deploymentConfiguration: { ...plan.deploymentConfiguration, maximumPercent: 300 } }],
    [
      'deploymentConfiguration',
      {
        deploymentConfiguration: {
          ...plan.deploymentConfiguration,
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      },
    ],
    ['availabilityZoneRebalancing', { availabilityZoneRebalancing: 'DISABLED' as const }],
  ])('changes %s once', async (member, change) => {
    const aws = serviceEcs({});
    await applyService(aws, plan);
    await applyService(aws, { ...plan, ...change });
    expect(Object.keys(aws.calls.at(-1)?.input ?? {})).toEqual(['cluster', 'service', member]);
    await applyService(aws, { ...plan, ...change });
    expect(aws.writes()).toEqual(['CreateService', 'UpdateService']);
  });

  test('keeps what would replace its tasks until they are replaced by another task definition anyway', async () => {
    const aws = serviceEcs({});
    await applyService(aws, plan);
    const { awsvpcConfiguration } = plan.networkConfiguration;
    const next = {
      ...plan,
      platformVersion: 'LATEST',
      networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, subnets: ['subnet-1'] } },
    };
    expect(await applyService(aws, next)).toMatchObject({ changed: false });
    const renewed = { ...next, taskDefinition: taskDefinitionArn.replace(/1$/, '2') };
    expect(await applyService(aws, renewed)).toMatchObject({ changed: true });
    expect(Object.keys(aws.calls.at(-1)?.input ?? {}).toSorted()).toEqual([
      'cluster',
      'networkConfiguration',
      'platformVersion',
      'service',
      'taskDefinition',
    ]);
    expect(await applyService(aws, renewed)).toMatchObject({ changed: false });
  });

  test('leaves one that is being deleted alone and says so', async () => {
    const aws = serviceEcs({ service: { serviceArn: 'arn', serviceName: plan.serviceName, status: 'DRAINING', tags } });
    expect(await applyService(aws, plan)).toMatchObject({ changed: false, service: { status: 'DRAINING' } });
    expect(aws.writes()).toEqual([]);
  });

  test('makes one anew after another of its name is gone, with another token', async () => {
    const first = serviceEcs({});
    await applyService(first, plan);
    const gone = { serviceArn: 'arn', serviceName: plan.serviceName, status: 'INACTIVE', createdAt: new Date(0) };
    const second = serviceEcs({ service: gone });
    expect(await applyService(second, plan)).toMatchObject({ changed: true, service: { status: 'ACTIVE' } });
    const tokens = [first, second].map((aws) => aws.calls.at(-1)?.input['clientToken']);
    expect(new Set(tokens).size).toBe(2);
    expect(tokens[0]).toMatch(/^[!-~]{1,36}$/);
  });

  test('goes on with the one that somebody else has made meanwhile', async () => {
    const made: Service = { ...plan, serviceArn: 'arn', status: 'ACTIVE', desiredCount: 1 };
    let asked = 0;
    const aws = recordedEcs({
      DescribeServices: () => ({ services: (asked += 1) === 1 ? [] : [made] }),
      DescribeTaskDefinition: () => ({ tags }),
      CreateService: () => {
        throw awsError('InvalidParameterException', 'Creation of service was not idempotent.');
      },
      UpdateService: () => ({ service: { ...made, desiredCount: 2 } }),
    });
    expect(await applyService(aws, plan)).toMatchObject({ changed: true, service: { desiredCount: 2 } });
  });

  test('passes on what ECS refuses, with what was being done and the name of the error', async () => {
    const aws = recordedEcs({
      DescribeServices: () => ({ services: [] }),
      DescribeTaskDefinition: () => ({ tags }),
      CreateService: () => {
        throw awsError('InvalidParameterException', 'no such subnet');
      },
    });
    await expect(applyService(aws, plan)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `applying service ${plan.serviceName}: no such subnet`,
    });
  });
});

describe('removing a service', () => {
  test('deletes it with its tasks, once, and waits until it is gone', async () => {
    const state: { service?: Service } = {};
    const aws = serviceEcs(state);
    await applyService(aws, plan);
    expect(await removeService(aws, named)).toBe('draining');
    expect(aws.calls.at(-1)?.input).toMatchObject({ force: true });
    expect(await removeService(aws, named)).toBe('draining');
    state.service = { ...state.service, status: 'INACTIVE' };
    expect(await removeService(aws, named)).toBe('gone');
    expect(aws.writes()).toEqual(['CreateService', 'DeleteService']);
  });

  test('is done when there is none', async () => {
    const aws = serviceEcs({});
    expect(await removeService(aws, named)).toBe('gone');
    expect(aws.writes()).toEqual([]);
  });

  test('is done when it has gone between looking and deleting', async () => {
    const aws = recordedEcs({
      DescribeServices: () => ({ services: [{ serviceArn: 'arn', serviceName: 'web', status: 'ACTIVE', tags }] }),
      DeleteService: () => {
        throw awsError('ServiceNotFoundException');
      },
    });
    expect(await removeService(aws, named)).toBe('gone');
  });
});

describe('observing services', () => {
  test('asks for ten at a time', async () => {
    const aws = recordedEcs({
      DescribeServices: ({ services = [] }) => ({
        services: services.map((serviceName) => ({ serviceArn: serviceName, serviceName, status: 'ACTIVE' })),
      }),
    });
    const names = Array.from({ length: 23 }, (_, index) => `s${index}`);
    expect((await observeServices(aws, 'skiff', names)).map((service) => service.serviceName)).toEqual(names);
    expect(aws.calls.map((call) => (call.input['services'] as string[]).length)).toEqual([10, 10, 3]);
  });

  test('takes one that is gone for none', async () => {
    const aws = serviceEcs({ service: { serviceArn: 'arn', serviceName: 'web', status: 'INACTIVE' } });
    expect(await observeService(aws, 'skiff', 'web')).toBeUndefined();
  });

  test('lists all pages', async () => {
    const aws = recordedEcs({
      ListServices: ({ nextToken }) =>
        nextToken === undefined ? { serviceArns: ['a'], nextToken: 'more' } : { serviceArns: ['b'] },
    });
    expect(await listServices(aws, 'skiff')).toEqual(['a', 'b']);
  });
});

describe("another object's", () => {
  const foreign = ownershipTags(installation, { ...owner, namespace: 'victim', uid: 'another' });

  test('service is neither changed nor deleted', async () => {
    const service: Service = { serviceArn: 'arn', serviceName: plan.serviceName, status: 'ACTIVE', tags: foreign };
    const aws = serviceEcs({ service });
    await expect(applyService(aws, plan)).rejects.toThrow(`service ${plan.serviceName} was not made for this object`);
    expect(await removeService(aws, named)).toBe('gone');
    expect(aws.writes()).toEqual([]);
  });

  test('task definition is not run by a new service', async () => {
    const aws = serviceEcs({ definitionTags: foreign });
    await expect(applyService(aws, plan)).rejects.toThrow(`task definition ${taskDefinitionArn} was not made for`);
    expect(aws.writes()).toEqual([]);
  });

  test('task definition is not run by a service that there is', async () => {
    const state: Parameters<typeof serviceEcs>[0] = {};
    const aws = serviceEcs(state);
    await applyService(aws, plan);
    state.definitionTags = foreign;
    await expect(applyService(aws, { ...plan, taskDefinition: 'victim_web:1' })).rejects.toThrow('was not made for');
    expect(aws.writes()).toEqual(['CreateService']);
  });
});

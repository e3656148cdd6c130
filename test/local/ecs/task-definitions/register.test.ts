import {
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type ContainerDefinition,
  type RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { NotEmulatedError } from '../../../../local/not-emulated-error.ts';
import { emulateAws } from '../../../support/emulation.ts';

type Input = Partial<RegisterTaskDefinitionCommandInput>;

const definition = (input: Input = {}): RegisterTaskDefinitionCommandInput => ({
  family: 'web',
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: [{ name: 'app', image: 'nginx' }],
  ...input,
});

const app = (container: Partial<ContainerDefinition>): Input => ({
  containerDefinitions: [{ name: 'app', image: 'nginx', ...container }],
});

const two = (first: Partial<ContainerDefinition>, second: Partial<ContainerDefinition>): Input => ({
  containerDefinitions: [
    { name: 'a', image: 'nginx', ...first },
    { name: 'b', image: 'nginx', ...second },
  ],
});

const register = (input: RegisterTaskDefinitionCommandInput, { clients } = emulateAws()) =>
  clients.ecs.send(new RegisterTaskDefinitionCommand(input));

describe('refuses', () => {
  const check = { command: ['CMD-SHELL', 'true'] };
  test.each<[string, Input, RegExp]>([
    ['a family with a dot', { family: 'a.b' }, /Family contains invalid characters/],
    ['no family', { family: '' }, /Family should not be null or empty/],
    ['no containers', { containerDefinitions: [] }, /Container list cannot be empty/],
    ['a container without a name', app({ name: undefined }), /Container.name should not be null or empty/],
    ['a container name with a dot', app({ name: 'a.b' }), /Container.name contains invalid characters/],
    ['a container without an image', app({ image: '' }), /Container.image should not be null or empty/],
    ['an image with a blank', app({ image: 'my image' }), /Container.image contains invalid characters/],
    ['two containers of one name', two({ name: 'b' }, {}), /must be unique/],
    ['no essential container', app({ essential: false }), /at least one essential container/],
    ['another network mode', { networkMode: 'bridge' }, /network mode ‘awsvpc’/],
    ['no cpu', { cpu: undefined }, /'cpu' be defined at the task level/],
    ['no memory', { memory: undefined }, /'memory' be defined at the task level/],
    ['cpu that is no number', { cpu: 'many' }, /Invalid 'cpu' setting/],
    ['a size that Fargate does not have', { cpu: '300' }, /No Fargate configuration exists/],
    ['memory that does not go with the cpu', { memory: '4096' }, /No Fargate configuration exists/],
    ['containers with more cpu than the task', app({ cpu: 512 }), /total cpu/],
    ['containers with more memory than the task', two({ memory: 300 }, { memory: 300 }), /total memory/],
    ['a reservation above the memory', app({ memory: 128, memoryReservation: 256 }), /memoryReservation/],
    [
      'one port for two protocols',
      app({
        portMappings: [
          { containerPort: 53, protocol: 'tcp' },
          { containerPort: 53, protocol: 'udp' },
        ],
      }),
      /container port 53/,
    ],
    [
      'one port for two containers',
      two({ portMappings: [{ containerPort: 80 }] }, { portMappings: [{ containerPort: 80 }] }),
      /container port 80/,
    ],
    [
      'another host port',
      app({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
      /host ports and container ports/,
    ],
    ['a port above 65535', app({ portMappings: [{ containerPort: 65_536 }] }), /between 1 and 65535/],
    ['a health check without a kind', app({ healthCheck: { command: ['true'] } }), /CMD/],
    ['a health check more often than each 5 seconds', app({ healthCheck: { ...check, interval: 4 } }), /interval/],
    ['a health check with a time-out of 1 second', app({ healthCheck: { ...check, timeout: 1 } }), /timeout/],
    ['eleven retries', app({ healthCheck: { ...check, retries: 11 } }), /retries/],
    ['a start period above 300 seconds', app({ healthCheck: { ...check, startPeriod: 301 } }), /startPeriod/],
    ['a stop time-out above 120 seconds', app({ stopTimeout: 121 }), /stopTimeout/],
    ['a start time-out above 120 seconds', app({ startTimeout: 121 }), /startTimeout/],
    [
      'a restart period below 60 seconds',
      app({ restartPolicy: { enabled: true, restartAttemptPeriod: 59 } }),
      /restartAttemptPeriod/,
    ],
    ['a privileged container', app({ privileged: true }), /privileged/],
    ['a host name', app({ hostname: 'web' }), /hostname/],
    ['extra hosts', app({ extraHosts: [{ hostname: 'a', ipAddress: '10.0.0.1' }] }), /extraHosts/],
    ['added capabilities', app({ linuxParameters: { capabilities: { add: ['NET_ADMIN'] } } }), /NET_ADMIN/],
    ['a log driver that Fargate does not have', app({ logConfiguration: { logDriver: 'syslog' } }), /syslog/],
    [
      'awslogs without a stream prefix',
      app({ logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'r' } } }),
      /awslogs-stream-prefix/,
    ],
    ['secrets without an execution role', app({ secrets: [{ name: 'A', valueFrom: 'arn' }] }), /execution role/],
    [
      'a name that is secret and plain',
      app({ environment: [{ name: 'A', value: '1' }], secrets: [{ name: 'A', valueFrom: 'arn' }] }),
      /secret name must be unique/,
    ],
    [
      'a mount of a volume that is not there',
      app({ mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
      /Unknown volume 'data'/,
    ],
    ['a volume on the host', { volumes: [{ name: 'data', host: { sourcePath: '/data' } }] }, /host.sourcePath/],
    [
      'a dependency that is not there',
      app({ dependsOn: [{ containerName: 'none', condition: 'START' }] }),
      /does not exist/,
    ],
    [
      'a wait for the end of an essential container',
      two({}, { dependsOn: [{ containerName: 'a', condition: 'SUCCESS' }] }),
      /cannot be an essential container/,
    ],
    [
      'a wait for health without a check',
      two({}, { dependsOn: [{ containerName: 'a', condition: 'HEALTHY' }] }),
      /must have health check configured/,
    ],
    [
      'a circle of dependencies',
      two(
        { dependsOn: [{ containerName: 'b', condition: 'START' }] },
        { dependsOn: [{ containerName: 'a', condition: 'START' }] },
      ),
      /cycle/,
    ],
    [
      'eleven containers',
      { containerDefinitions: Array.from({ length: 11 }, (_, index) => ({ name: `c${index}`, image: 'nginx' })) },
      /at most 10 containers/,
    ],
    ['more than 64 KB', app({ environment: [{ name: 'A', value: 'x'.repeat(66_000) }] }), /65536 bytes/],
    ['ephemeral storage below 21 GiB', { ephemeralStorage: { sizeInGiB: 20 } }, /21 and 200/],
  ])('%s', async (_what, input, message) => {
    const refused = register(definition(input));
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toHaveProperty('name', 'ClientException');
  });

  test.each([
    ['51 tags', Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }))],
    ['a reserved tag', [{ key: 'aws:x', value: '' }]],
    ['a tag with a comma', [{ key: 'a,b', value: '' }]],
    ['a value of 257 characters', [{ key: 'a', value: 'x'.repeat(257) }]],
    [
      'one key twice',
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    ],
  ])('%s', async (_what, tags) => {
    await expect(register(definition({ tags }))).rejects.toHaveProperty('name', 'InvalidParameterException');
  });

  test('what does not require Fargate, loudly', async () => {
    await expect(register(definition({ requiresCompatibilities: ['EC2'] }))).rejects.toBeInstanceOf(NotEmulatedError);
  });
});

test.each([
  ['256', '2048'],
  ['512', '3072'],
  ['1 vCPU', '8 GB'],
  ['.25 vCPU', '0.5GB'],
  ['8192', '20480'],
  ['16384', '122880'],
  ['32768', '249856'],
])('takes %s cpu with %s memory', async (cpu, memory) => {
  await expect(register(definition({ cpu, memory }))).resolves.toBeDefined();
});

describe('revisions', () => {
  test('count from 1, are never used again, and a refused one uses up none', async () => {
    const aws = emulateAws();
    const first = await register(definition(), aws);
    await expect(register(definition({ cpu: '1' }), aws)).rejects.toThrow('No Fargate configuration');
    const second = await register(definition(), aws);
    expect([first, second].map(({ taskDefinition }) => taskDefinition?.taskDefinitionArn)).toEqual([
      'arn:aws:ecs:us-east-1:123456789012:task-definition/web:1',
      'arn:aws:ecs:us-east-1:123456789012:task-definition/web:2',
    ]);
  });

  test('what was left out is answered', async () => {
    const { taskDefinition } = await register(
      definition(app({ portMappings: [{ containerPort: 80 }], healthCheck: { command: ['CMD', 'true'] } })),
    );
    expect(taskDefinition).toMatchObject({
      status: 'ACTIVE',
      containerDefinitions: [
        {
          cpu: 0,
          essential: true,
          environment: [],
          portMappings: [{ containerPort: 80, hostPort: 80, protocol: 'tcp' }],
          healthCheck: { command: ['CMD', 'true'], interval: 30, timeout: 5, retries: 3 },
        },
      ],
    });
  });

  test('tags are told only when asked for', async () => {
    const aws = emulateAws();
    const tags = [{ key: 'team', value: 'shop' }];
    await register(definition({ tags }), aws);
    const describeWeb = (include: 'TAGS'[]) =>
      aws.clients.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'web', include }));
    expect((await describeWeb([])).tags).toBeUndefined();
    expect((await describeWeb(['TAGS'])).tags).toEqual(tags);
  });

  test('are listed by family, and in reverse', async () => {
    const aws = emulateAws();
    for (const family of ['web', 'api', 'web', 'website']) await register(definition({ family }), aws);
    const listed = async (input: object) =>
      (await aws.clients.ecs.send(new ListTaskDefinitionsCommand(input))).taskDefinitionArns?.map(
        (each) => each.split('/')[1],
      );
    expect(await listed({})).toEqual(['api:1', 'web:1', 'web:2', 'website:1']);
    expect(await listed({ familyPrefix: 'web', sort: 'DESC' })).toEqual(['web:2', 'web:1']);
    expect(await listed({ status: 'INACTIVE' })).toEqual([]);
  });
});

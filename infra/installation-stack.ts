import { Aws, CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { tagKeys } from '../translate/tags.ts';
import { CloudFunction, type CloudFunctionOptions } from './constructs/cloud-function.ts';
import { EcsCluster } from './constructs/ecs-cluster.ts';
import { Queues } from './constructs/queues.ts';
import { stateTable } from './constructs/state-table.ts';
import { reading, Triggers } from './constructs/triggers.ts';
import { functionEnvironment } from './environment.ts';
import { functions, type FunctionName } from './functions.ts';
import { declareParameters } from './parameters.ts';
import { permissionsOf, type Targets } from './permissions/operation-permissions.ts';

export interface InstallationStackProps extends StackProps {
  /** The installation's name, and its cluster's: `skiff`. */
  readonly installationName: string;
  /** The folder of the functions' bundles. */
  readonly bundles: string;
  /** The Availability Zones of the subnets; absent: the first three that the account has in the region. */
  readonly zones?: readonly string[];
}

/** One installation of Skiff. */
export class InstallationStack extends Stack {
  constructor(scope: Construct, id: string, props: InstallationStackProps) {
    super(scope, id, props);
    const { installationName, bundles, zones = firstZones() } = props;
    const clusterName = installationName;
    const parameters = declareParameters(this);
    const table = stateTable(this);
    const queues = new Queues(this, 'Queues');
    const ecs = new EcsCluster(this, 'Ecs', { installationName, clusterName });
    const targets: Targets = {
      installationName,
      clusterName,
      clusterArn: this.formatArn({ service: 'ecs', resource: 'cluster', resourceName: clusterName }),
      executionRoleArn: ecs.executionRole.roleArn,
      tableArn: table.tableArn,
      queueArns: {
        work: queues.work.queueArn,
        delay: queues.delay.queueArn,
        deadLetter: queues.deadLetter.queueArn,
      },
    };
    const environment = functionEnvironment({
      installation: {
        name: installationName,
        region: Aws.REGION,
        cluster: clusterName,
        executionRoleArn: ecs.executionRole.roleArn,
        toolboxImage: parameters.toolboxImage,
        logGroup: ecs.logGroup.logGroupName,
        nodes: Object.fromEntries(zones.map((zone) => [zone, `fargate-${zone}`])),
      },
      parameters,
      tableName: table.tableName,
      queueUrl: queues.work.queueUrl,
      delayQueueUrl: queues.delay.queueUrl,
      deadLetterQueueUrl: queues.deadLetter.queueUrl,
    });
    const make = (name: FunctionName, own: Partial<CloudFunctionOptions> = {}) =>
      new CloudFunction(this, name.charAt(0).toUpperCase() + name.slice(1), {
        name,
        bundles,
        environment,
        ...own,
        permissions: [...permissionsOf(functions[name], targets), ...(own.permissions ?? [])],
      }).lambda;
    const lambdas = {
      api: make('api', { environment: { ...environment, SKIFF_TOKEN_SHA256: parameters.tokenDigest } }),
      reconcile: make('reconcile', { permissions: [reading(queues.work)] }),
      delays: make('delays', { permissions: [reading(queues.delay)] }),
      events: make('events', { undelivered: queues.undelivered }),
      workflows: make('workflows'),
    };
    new Triggers(this, 'Triggers', { lambdas, queues, clusterName, clusterArn: targets.clusterArn });
    // The API looks at the token itself: IAM's signature would take the header that kubectl needs for it.
    const url = lambdas.api.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    new CfnOutput(this, 'ApiUrl', { value: url.url, description: 'The Kubernetes API' });
    Tags.of(this).add(tagKeys.installation, installationName);
  }
}

/** For the deployment to fill in. */
const firstZones = (): readonly string[] => [0, 1, 2].map((index) => Fn.select(index, Fn.getAzs()));

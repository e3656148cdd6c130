import { Validations } from 'aws-cdk-lib';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { roleWith } from '../permissions/role.ts';
import { readSecrets } from '../permissions/secrets-manager.ts';

export interface EcsClusterOptions {
  readonly installationName: string;
  readonly clusterName: string;
}

/** Where the containers run: the cluster, their logs, and the role with which ECS starts them. */
export class EcsCluster extends Construct {
  readonly cluster: CfnCluster;
  readonly logGroup: LogGroup;
  readonly executionRole: Role;

  constructor(scope: Construct, id: string, { installationName, clusterName }: EcsClusterOptions) {
    super(scope, id);
    this.cluster = new CfnCluster(this, 'Cluster', { clusterName });
    Validations.of(this.cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'Skiff reads none of the metrics, which cost by their number; who wants them turns them on for the account',
    });
    this.logGroup = new LogGroup(this, 'ContainerLog', { retention: RetentionDays.ONE_MONTH });
    this.executionRole = roleWith(this, 'ExecutionRole', {
      service: 'ecs-tasks.amazonaws.com',
      description: 'ECS pulls images, reads the secrets of containers and writes their logs',
      permissions: [
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [this.logGroup.logGroupArn] },
        readSecrets(installationName),
        {
          actions: ['ecr:GetAuthorizationToken'],
          resources: [{ pattern: '*', reason: 'ECR has no resource that this action could be limited to' }],
        },
        {
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          resources: [
            {
              pattern: 'arn:${AWS::Partition}:ecr:*:*:repository/*',
              reason: 'manifests name the images: any repository that its owner lets this account pull from',
            },
          ],
        },
      ],
    });
  }
}

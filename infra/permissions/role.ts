import { Aws, Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Permission, Resource, ResourcePattern } from './permission.ts';

export interface RoleOptions {
  /** Who takes the role: `lambda.amazonaws.com`. */
  readonly service: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
}

/** Makes a role that allows what is listed. The reason of each pattern is what cdk-nag is told. */
export function roleWith(scope: Construct, id: string, options: RoleOptions): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(options.service),
    description: options.description,
    inlinePolicies: {
      Allowed: new PolicyDocument({ minimize: true, statements: options.permissions.map(statement) }),
    },
  });
  const patterns = options.permissions.flatMap(({ resources }) => resources.filter(isPattern));
  const reasons = new Map(patterns.map(({ pattern, reason }) => [findingOf(pattern), reason]));
  for (const [finding, reason] of reasons) Validations.of(role).acknowledge({ id: finding, reason });
  return role;
}

const isPattern = (resource: Resource): resource is ResourcePattern => typeof resource !== 'string';

const statement = ({ actions, resources, conditions = {} }: Permission): PolicyStatement =>
  new PolicyStatement({
    actions: [...actions],
    resources: resources.map((resource) => (isPattern(resource) ? arnOf(resource) : resource)),
    conditions,
  });

/** Not Fn::Sub, of which no two are equal: CDK makes one statement of those with equal resources. */
const arnOf = ({ pattern }: ResourcePattern): string =>
  pattern
    .replace('${AWS::Partition}', Aws.PARTITION)
    .replace('${AWS::Region}', Aws.REGION)
    .replace('${AWS::AccountId}', Aws.ACCOUNT_ID);

/** How cdk-nag calls a wildcard that it has found: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:…]`. */
const findingOf = (pattern: string): string =>
  `AwsSolutions-IAM5[Resource::${pattern.replaceAll('${', '<').replaceAll('}', '>')}]`;

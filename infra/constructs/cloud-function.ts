import { Duration, IgnoreMode, RemovalPolicy } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functions, type FunctionName, type FunctionNeeds } from '../functions.ts';
import type { Permission } from '../permissions/permission.ts';
import { roleWith } from '../permissions/role.ts';

export interface CloudFunctionOptions {
  readonly name: FunctionName;
  /** The folder of the bundles, as build-functions.mjs makes it. */
  readonly bundles: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  /** Where an event goes that it has failed at three times. */
  readonly undelivered?: IQueue;
}

/** One function of functions/ with a log and a role of its own. */
export class CloudFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, options: CloudFunctionOptions) {
    super(scope, id);
    const { name, undelivered } = options;
    const { description, memoryMiB, timeoutSeconds, asksForItself }: FunctionNeeds = functions[name];
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = roleWith(this, 'Role', {
      service: 'lambda.amazonaws.com',
      description: `Skiff's function that ${description}`,
      permissions: [
        ...options.permissions,
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] },
        ...(undelivered === undefined ? [] : [{ actions: ['sqs:SendMessage'], resources: [undelivered.queueArn] }]),
      ],
    });
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `Skiff: ${description}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${name}.handler`,
      // Only its own bundle, so that it changes only when that does.
      code: Code.fromAsset(options.bundles, { exclude: ['*', `!${name}.mjs`], ignoreMode: IgnoreMode.GIT }),
      memorySize: memoryMiB,
      timeout: Duration.seconds(timeoutSeconds),
      environment: { ...options.environment },
      // What it needs is in the policy above, and CDK adds nothing to it.
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      // Work asks for itself again by way of a queue, as often as it takes. Lambda would stop that at the sixteenth time.
      ...(asksForItself ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
      ...(undelivered === undefined ? {} : { deadLetterQueue: undelivered }),
    });
  }
}

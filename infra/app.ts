import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { InstallationStack } from './installation-stack.ts';

/** What ECS takes as the name of a cluster, IAM as part of an ARN, and CloudFormation as the name of a stack. */
const namePattern = /^[a-z][a-z0-9-]{0,62}$/;

/** `eu-central-1a,eu-central-1b`; those of Local Zones have more to their names. */
const zonesPattern = /^[a-z0-9-]+(,[a-z0-9-]+)*$/;

const app = new App();

/** What `cdk synth -c <name>=<text>` says, or cdk.json. */
function context(name: string, pattern: RegExp): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  if (value === undefined || (typeof value === 'string' && pattern.test(value))) return value;
  throw new Error(`context ${name} is ${JSON.stringify(value)}, and has to match ${String(pattern)}`);
}

const installationName = context('installation', namePattern) ?? 'skiff';
const zones = context('zones', zonesPattern)?.split(',');
new InstallationStack(app, 'Installation', {
  stackName: installationName,
  description: 'Skiff: the Kubernetes API on Amazon ECS',
  installationName,
  bundles: 'dist/functions',
  ...(zones === undefined ? {} : { zones }),
});
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));

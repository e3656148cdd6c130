import type { OperationName } from '../../aws/operations.ts';
import { secretPrefix } from '../../translate/secret.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { PermissionRule, Targets } from './operation-permissions.ts';
import type { Conditions, Permission, ResourcePattern } from './permission.ts';
import { allOf, marked, owned, readsWhatIsMissing } from './tag-conditions.ts';

// Which action takes which resources and conditions: Service Authorization Reference, "AWS Secrets Manager".

/** The installation's secrets, and none else: their names begin with its own. */
const secretsOf = (installationName: string): ResourcePattern => ({
  pattern: `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${secretPrefix({ name: installationName })}*`,
  reason: 'Skiff makes these as manifests come: the names are not known before',
});

const action = (name: string, { installationName }: Targets): Pick<Permission, 'actions' | 'resources'> => ({
  actions: [`secretsmanager:${name}`],
  resources: [secretsOf(installationName)],
});

/** Changes what is there: only what the installation has made. */
const changes =
  (name: string): PermissionRule =>
  (targets) => [{ ...action(name, targets), conditions: owned(targets) }];

/** A secret that is there may be tagged only when it is the installation's; one that is being made has no tags yet. */
const ownedIfTagged = ({ installationName }: Targets): Conditions => ({
  StringEqualsIfExists: { [`aws:ResourceTag/${tagKeys.installation}`]: installationName },
});

export const secretsManagerPermissions: Readonly<Record<OperationName<'secretsmanager'>, PermissionRule>> = {
  // A secret that is made with tags takes the right to tag it; there is no condition on what is being made.
  CreateSecret: (targets) => [
    { ...action('CreateSecret', targets), conditions: marked(targets) },
    { ...action('TagResource', targets), conditions: allOf(marked(targets), ownedIfTagged(targets)) },
  ],
  DeleteSecret: changes('DeleteSecret'),
  DescribeSecret: (targets) => [{ ...action('DescribeSecret', targets), open: readsWhatIsMissing }],
  RestoreSecret: changes('RestoreSecret'),
};

/**
 * What ECS may read for the containers that it starts. One role starts all tasks, and ECS tells IAM nothing of the task, so
 * that no namespace can be told from another here: which secrets a task gets is decided when its definition is registered.
 */
export const readSecrets = (installationName: string): Permission => ({
  actions: ['secretsmanager:GetSecretValue'],
  resources: [secretsOf(installationName)],
  // Whoever has made them, the reconcilers or a stack.
  conditions: { StringEquals: { [`aws:ResourceTag/${tagKeys.installation}`]: installationName } },
});

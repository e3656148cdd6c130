import type { OperationName } from '../../aws/operations.ts';
import { secretPrefix } from '../../translate/secret.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { PermissionRule, Targets } from './operation-permissions.ts';
import type { Permission, ResourcePattern } from './permission.ts';

// Which action takes which resources and conditions: Service Authorization Reference, "AWS Secrets Manager".

/** The installation's secrets, and none else: their names begin with its own. */
export const secretsOf = (installationName: string): ResourcePattern => ({
  pattern: `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${secretPrefix({ name: installationName })}*`,
  reason: 'Skiff makes these as manifests come: the names are not known before',
});

const on =
  (action: string): PermissionRule =>
  ({ installationName }) => [{ actions: [`secretsmanager:${action}`], resources: [secretsOf(installationName)] }];

/** Marked as the installation's. */
const marked = ({ installationName }: Targets): NonNullable<Permission['conditions']> => ({
  StringEquals: { [`aws:RequestTag/${tagKeys.installation}`]: installationName },
});

export const secretsManagerPermissions: Readonly<Record<OperationName<'secretsmanager'>, PermissionRule>> = {
  // A secret that is made with tags takes the right to tag it; there is no condition on what is being made.
  CreateSecret: (targets) => [
    {
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      resources: [secretsOf(targets.installationName)],
      conditions: marked(targets),
    },
  ],
  DeleteSecret: on('DeleteSecret'),
  DescribeSecret: on('DescribeSecret'),
  RestoreSecret: on('RestoreSecret'),
};

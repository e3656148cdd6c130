import { contentHash } from '../../aws/content-hash.ts';
import { ensureSecret } from '../../aws/secrets-manager/secret.ts';
import { accountId } from '../../translate/installation.ts';
import type { Owner } from '../../translate/plan.ts';
import { secretPlan, standInArn, type SecretArn, type SecretPlan } from '../../translate/secret.ts';
import {
  translateTaskDefinition,
  type PodSource,
  type Surroundings,
  type TranslatedTaskDefinition,
} from '../../translate/task-definition.ts';
import type { Context } from '../context.ts';

export interface SecretSource extends PodSource {
  /**
   * Writes down the names of the secrets that are to be made, before they are: who removes them looks there. Throws a
   * StatusError, and none is made, when the object is not there any more.
   */
  recordSecrets(names: readonly string[]): Promise<void>;
}

/**
 * Translates a template whose secrets are in Secrets Manager. They are made before anything refers to them; when something
 * is refused, none is.
 */
export async function translateWithSecrets(
  context: Context,
  source: SecretSource,
  surroundings: Omit<Surroundings, 'secretArn'>,
): Promise<TranslatedTaskDefinition> {
  const { owner, template } = source;
  const plans = new Map<string, SecretPlan>();
  const nameOf = namer(context, owner, plans);
  const place = { region: context.installation.region, accountId: accountId(context.installation) };
  const secretArn: SecretArn = (content) => standInArn(nameOf(content), place);
  const first = translateTaskDefinition({ owner, template }, { ...surroundings, secretArn });
  if (first.plan === undefined || plans.size === 0) return first;
  await source.recordSecrets([...plans.keys()]);
  const arns = new Map<string, string>();
  for (const [name, plan] of plans) arns.set(name, await ensureSecret(context.aws, plan));
  return translateTaskDefinition(
    { owner, template },
    { ...surroundings, secretArn: (content) => arns.get(nameOf(content)) ?? '' },
  );
}

const namer =
  ({ installation }: Context, owner: Owner, plans: Map<string, SecretPlan>) =>
  (content: Parameters<SecretArn>[0]): string => {
    const plan = secretPlan(content, { installation, owner, hash: contentHash });
    plans.set(plan.Name, plan);
    return plan.Name;
  };

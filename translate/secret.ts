import type { Installation } from './installation.ts';
import type { Owner } from './plan.ts';
import { ownershipTags } from './tags.ts';

/** What containers get by reference: JSON whose members ECS can pick one by one. */
export interface SecretContent {
  /** For people: `credentials for registry.example.com`. */
  readonly description: string;
  readonly value: Readonly<Record<string, string>>;
  /**
   * Uids of the Secrets that it was made of. They are hashed with the value: nobody who can read names in AWS knows
   * them, and so nobody can try out values against a name.
   */
  readonly madeOf: readonly string[];
}

/** A secret in Secrets Manager, as CreateSecret takes it. */
export interface SecretPlan {
  /** It says whose the secret is and stands for its content: another value has another name. */
  readonly Name: string;
  readonly Description: string;
  readonly SecretString: string;
  readonly Tags: { readonly Key: string; readonly Value: string }[];
}

/** Where a secret is, as ECS wants it. */
export type SecretArn = (content: SecretContent) => string;

/** Secrets Manager's limit of a value, bytes. */
export const mostSecretBytes = 65_536;

const longestDescription = 2048;

/** What the names of all secrets of an installation begin with, and of none else. */
export const secretPrefix = ({ name }: Pick<Installation, 'name'>): string => `skiff/${name}/`;

/** `hash`: of any value, at least 20 characters; the owner is in it, so that no two owners share a secret. */
export function secretPlan(
  { description, value, madeOf }: SecretContent,
  {
    installation,
    owner,
    hash,
  }: { installation: Pick<Installation, 'name'>; owner: Owner; hash: (value: unknown) => string },
): SecretPlan {
  const address = hash({ owner: owner.uid, value, madeOf });
  return {
    Name: `${secretPrefix(installation)}${owner.namespace}/${address}`,
    Description: `${owner.kind} ${owner.namespace}/${owner.name}: ${description}`.slice(0, longestDescription),
    SecretString: JSON.stringify(value),
    Tags: ownershipTags(installation, owner).map(({ key, value: text }) => ({ Key: key, Value: text })),
  };
}

/** The ARN that a secret of this name might have: Secrets Manager puts six characters behind the name. */
export const standInArn = (name: string, { region, accountId }: { region: string; accountId: string }): string =>
  `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-000000`;

/** One member of a secret's JSON, for `valueFrom`: the stage and the version after it are the present ones. */
export const memberOf = (arn: string, key: string): string => `${arn}:${key}::`;

import { NotEmulatedError } from '../not-emulated-error.ts';
import { invalidParameter, invalidValue } from './errors.ts';

/** What the service's model says of a text: its length in characters, both ends included. */
export interface TextRule {
  readonly least: number;
  readonly most: number;
}

/** Refuses members that are not emulated, so that none is ignored in silence. */
export function refuseOthers(operation: string, input: object, known: readonly string[]): void {
  const other = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (other !== undefined) throw new NotEmulatedError(`the parameter ${other[0]} of ${operation}`);
}

/** A text that may be absent. */
export function checkText(member: string, value: string | undefined, { least, most }: TextRule): void {
  if (value === undefined) return;
  if (value.length < least) {
    throw invalidValue(member, `Member must have length greater than or equal to ${least}`);
  }
  if (value.length > most) throw invalidValue(member, `Member must have length less than or equal to ${most}`);
}

/** A text that must be there. */
export function requireText(member: string, value: string | undefined, rule: TextRule): string {
  if (value === undefined) throw invalidValue(member, 'Member must not be null');
  checkText(member, value, rule);
  return value;
}

/** The identifier of a secret that is there already. */
export const requireSecretId = (value: string | undefined): string =>
  requireText('secretId', value, { least: 1, most: 2048 });

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html, Name */
export function checkName(name: string): void {
  if (/^[A-Za-z0-9/_+=.@-]+$/.test(name)) return;
  throw invalidParameter(
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
}

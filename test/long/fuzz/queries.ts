import type { Chance } from './chance.ts';
import { text } from './texts.ts';

const flags = ['true', 'false', '1', 't', 'yes', ''];
const numbers = ['0', '1', '10', '-1', '9999999999999999999', '1.5', 'NaN', 'a', ''];
const names = ['default', 'web', 'a', 'A', '..', '', '__proto__'];

/** Parameters of queries, and what is asked of them. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  labelSelector: ['app=web', 'app in (a,b),!c', 'a=b=c', '(', 'a in', '!!a', ',', 'app notin ()'],
  fieldSelector: ['metadata.name=a', 'spec.nodeName!=a', 'status.phase=Running', 'bogus=a', '=', 'a'],
  limit: numbers,
  continue: ['a', 'eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ==', 'e30=', ...numbers],
  resourceVersion: ['0', '1', '-1', 'a', '', '1.5'],
  resourceVersionMatch: ['Exact', 'NotOlderThan', 'bogus', ''],
  timeoutSeconds: numbers,
  allowWatchBookmarks: flags,
  sendInitialEvents: flags,
  dryRun: ['All', 'None', ''],
  fieldManager: ['kubectl', '', '\u0000'],
  fieldValidation: ['Strict', 'Warn', 'Ignore', 'bogus', ''],
  force: flags,
  propagationPolicy: ['Foreground', 'Background', 'Orphan', 'bogus'],
  orphanDependents: flags,
  gracePeriodSeconds: numbers,
  pretty: flags,
  includeObject: ['None', 'Object', 'Metadata', 'bogus'],
  container: names,
  tailLines: numbers,
  sinceSeconds: numbers,
  sinceTime: ['2025-01-01T00:00:00Z', 'a'],
  limitBytes: numbers,
  previous: flags,
  timestamps: flags,
  command: ['sh', '-c', 'a', ''],
  stdin: flags,
  ports: numbers,
  namespace: names,
  prune: flags,
  atomic: flags,
};

/** A query of a few parameters, one of them long at times. '' or with its question mark. */
export function query(chance: Chance, always: readonly string[] = []): string {
  const parts = [...always];
  for (let count = chance.below(4); count > 0; count -= 1) {
    const name = chance.happens(0.95) ? chance.pick(Object.keys(parameters)) : text(chance, 30);
    const choices = Object.hasOwn(parameters, name) ? (parameters[name] ?? []) : flags;
    const value = chance.happens(0.85) ? chance.pick(choices) : text(chance, 7000);
    parts.push(`${escaped(name)}=${escaped(value)}`);
    if (chance.happens(0.05)) parts.push(...Array.from({ length: chance.size(900) }, () => `${escaped(name)}=a`));
  }
  if (chance.happens(0.03)) parts.push(chance.pick(['%zz', '%', '&&', '=', '?', '%00=%ff']));
  return parts.length === 0 ? '' : `?${parts.join('&').slice(0, 14_000)}`;
}

/** As a URL has it. Half of a surrogate pair, which has no such form, becomes the character for that. */
export const escaped = (value: string): string => encodeURIComponent(Buffer.from(value).toString());

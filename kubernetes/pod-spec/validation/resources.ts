import { at, forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { qualifiedNameProblems } from '../../label.ts';
import { labelProblems } from '../../names.ts';
import { compareQuantities, milliValue } from '../../quantity.ts';
import { quoted } from '../../shown-value.ts';
import type { ResourceRequirements } from '../resources.ts';

const ofContainers = new Set(['cpu', 'memory', 'ephemeral-storage']);
/** Names that mean something in Kubernetes, if not for a container: quotas count them. */
const elsewhere =
  /^(storage|pods|resourcequotas|services|replicationcontrollers|secrets|persistentvolumeclaims|configmaps|(services\.)(nodeports|loadbalancers)|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.storage)$/;

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && qualifiedNameProblems(`requests.${name}`).length === 0;
/** Whether more may be promised than there is; other resources are handed out whole. */
const mayBeOvercommitted = (name: string): boolean => isNative(name) && !isHugePages(name);

/**
 * Everything wrong with what a container asks for. `claims` are the names of the pod's resource claims.
 */
export function validateResources(
  resources: ResourceRequirements,
  path: string,
  claims: ReadonlySet<string>,
): readonly FieldError[] {
  const { limits = {}, requests = {} } = resources;
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  const known = { claims, shown: knownClaims(resources, claims) };
  const onlyHugePages = names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory');
  return [
    ...validateAmounts(limits, under(path, 'limits')),
    ...validateAmounts(requests, under(path, 'requests')),
    ...Object.keys(requests).flatMap((name) => validateRequest(name, { limits, requests }, path)),
    ...(onlyHugePages ? [forbidden(path, 'HugePages require cpu or memory')] : []),
    ...(resources.claims ?? []).flatMap((claim, index) =>
      validateClaim(claim, at(under(path, 'claims'), index), known),
    ),
  ];
}

type Quantities = Readonly<Record<string, string>>;

const validateAmounts = (quantities: Quantities, path: string): readonly FieldError[] =>
  Object.entries(quantities).flatMap(([name, quantity]) => [
    ...validateName(name, at(path, name)),
    ...validateQuantity(name, quantity, at(path, name)),
  ]);

function validateName(name: string, path: string): readonly FieldError[] {
  const problems = checked(path, name, qualifiedNameProblems);
  if (problems.length > 0) return problems;
  if (name.includes('/')) {
    const detail = "doesn't follow extended resource name standard";
    return isNative(name) || isExtended(name) ? [] : [invalid(path, name, detail)];
  }
  if (ofContainers.has(name) || isHugePages(name)) return [];
  return [
    ...(elsewhere.test(name) ? [] : [invalid(path, name, 'must be a standard resource type or fully qualified')]),
    invalid(path, name, 'must be a standard resource for containers'),
  ];
}

function validateQuantity(name: string, quantity: string, path: string): readonly FieldError[] {
  const fraction = isExtended(name) && !/^\d+$/.test(quantity) && milliValue(quantity) % 1000 !== 0;
  return [
    ...(quantity.startsWith('-') && compareQuantities(quantity, '0') < 0
      ? [invalid(path, quantity, 'must be greater than or equal to 0')]
      : []),
    ...(fraction ? [invalid(path, quantity, 'must be an integer')] : []),
  ];
}

function validateRequest(
  name: string,
  { limits, requests }: { readonly limits: Quantities; readonly requests: Quantities },
  path: string,
): readonly FieldError[] {
  const request = requests[name] ?? '0';
  const limit = limits[name];
  const requestsPath = under(path, 'requests');
  if (limit === undefined) {
    const detail = 'Limit must be set for non overcommitable resources';
    return mayBeOvercommitted(name) ? [] : [required(under(path, 'limits'), detail)];
  }
  const order = request === limit ? 0 : compareQuantities(request, limit);
  if (order !== 0 && !mayBeOvercommitted(name)) {
    return [invalid(requestsPath, request, `must be equal to ${name} limit of ${limit}`)];
  }
  return order > 0 ? [invalid(requestsPath, request, `must be less than or equal to ${name} limit of ${limit}`)] : [];
}

/** Of the names that there are, an error shows so many; a kube-apiserver shows all. */
const maximumShown = 20;

function knownClaims(resources: ResourceRequirements, claims: ReadonlySet<string>): string {
  if (resources.claims === undefined) return '';
  return claims.size === 0 ? ' which is empty' : `: ${[...claims].slice(0, maximumShown).sort().join(', ')}`;
}

function validateClaim(
  claim: NonNullable<ResourceRequirements['claims']>[number],
  path: string,
  { claims, shown }: { readonly claims: ReadonlySet<string>; readonly shown: string },
): readonly FieldError[] {
  if (claim.name === '') return [required(path)];
  const message = `Not found: ${quoted(claim.name)}: must be one of the names in pod.spec.resourceClaims${shown}`;
  return [
    ...(claim.request ? checked(under(path, 'request'), claim.request, labelProblems) : []),
    ...(claims.has(claim.name) ? [] : [{ reason: 'FieldValueNotFound' as const, field: path, message }]),
  ];
}

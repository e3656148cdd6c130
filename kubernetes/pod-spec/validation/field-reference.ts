import { invalid, notSupported, required, under, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { qualifiedNameProblems } from '../../label.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../key-selector.ts';

/** What of a Pod an environment variable may show. */
export const fieldsForVariables: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** What of a Pod a file may show. */
export const fieldsForFiles: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** What can be named at all, in one place or another. */
const known = new Set([
  ...fieldsForVariables,
  ...fieldsForFiles,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** Everything wrong with a reference to a field of the Pod: `metadata.labels['app']`. */
export function validateFieldRef(
  { apiVersion, fieldPath }: ObjectFieldSelector,
  path: string,
  allowed: readonly string[],
): readonly FieldError[] {
  if (!apiVersion) return [required(under(path, 'apiVersion'))];
  if (fieldPath === '') return [required(under(path, 'fieldPath'))];
  const { map, key = '' } = subscripted(fieldPath);
  if (map === 'metadata.annotations') return checked(path, key.toLowerCase(), qualifiedNameProblems);
  if (map === 'metadata.labels') return checked(path, key, qualifiedNameProblems);
  if (map !== undefined || !known.has(fieldPath)) {
    const problem = map === undefined ? 'not supported' : 'does not support subscript';
    const detail = `error converting fieldPath: field label ${problem}: ${fieldPath}`;
    return [invalid(under(path, 'fieldPath'), fieldPath, detail)];
  }
  return allowed.includes(fieldPath) ? [] : [notSupported(under(path, 'fieldPath'), fieldPath, allowed)];
}

/** `metadata.labels['app']` as the map and the key; neither for a plain path. */
function subscripted(fieldPath: string): { readonly map?: string; readonly key?: string } {
  const start = fieldPath.indexOf("['");
  if (start <= 0 || !fieldPath.endsWith("']")) return {};
  return { map: fieldPath.slice(0, start), key: fieldPath.slice(start + 2, -2) };
}

const amounts: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const hugePages = /^(limits|requests)\.hugepages-/;
const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** Everything wrong with a reference to what a container asks for or is limited to; files must name the container. */
export function validateResourceFieldRef(
  { containerName, resource, divisor = '0' }: ResourceFieldSelector,
  path: string,
  place: 'variable' | 'file',
): readonly FieldError[] {
  return [
    ...validateResource({ containerName: place === 'file' ? (containerName ?? '') : 'its own', resource }, path),
    ...validateDivisor(resource, divisor, under(path, 'divisor')),
  ];
}

function validateResource(
  { containerName, resource }: { readonly containerName: string; readonly resource: string },
  path: string,
): readonly FieldError[] {
  if (containerName === '') return [required(under(path, 'containerName'))];
  if (resource === '') return [required(under(path, 'resource'))];
  if (amounts.includes(resource) || hugePages.test(resource)) return [];
  return [notSupported(under(path, 'resource'), resource, amounts)];
}

function validateDivisor(resource: string, divisor: string, path: string): readonly FieldError[] {
  if (divisor === '0') return [];
  if (resource.endsWith('.cpu')) {
    const detail = "only divisor's values 1m and 1 are supported with the cpu resource";
    return divisor === '1m' || divisor === '1' ? [] : [invalid(path, resource, detail)];
  }
  const name = bytesName(resource);
  if (name === undefined || byteDivisors.includes(divisor)) return [];
  return [
    invalid(path, resource, `only divisor's values ${byteDivisors.join(', ')} are supported with the ${name} resource`),
  ];
}

function bytesName(resource: string): string | undefined {
  if (resource.endsWith('.memory')) return 'memory';
  if (resource.endsWith('.ephemeral-storage')) return 'local ephemeral storage';
  return hugePages.test(resource) ? 'hugepages' : undefined;
}

import { at, duplicate, invalid, notSupported, required, type FieldError } from '../field-errors.ts';
import { oneOf, repetitions } from '../field-rules.ts';
import { ipAddressProblems, isIPv6 } from '../ip-address.ts';
import { isServiceIP, serviceNetwork } from './network.ts';
import type { ServiceSpec } from './schema.ts';
import { isHeadless, isHeadlessWithoutSelector } from './types.ts';

const ips = 'spec.clusterIPs';
const families: readonly string[] = ['IPv4', 'IPv6'];
const policies: readonly string[] = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

/** What is wrong with a Service's cluster IPs and IP families, which belong together. An ExternalName has none. */
export function validateAddresses(spec: ServiceSpec): readonly FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const problems = [
    ...validateFirst(spec),
    ...validateFamilies(spec.ipFamilies ?? []),
    ...oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, policies),
  ];
  const invalidIPs = validateEach(spec.clusterIPs ?? []);
  if (invalidIPs.length > 0) return [...problems, ...invalidIPs];
  return [...problems, ...validateTogether(spec), ...validateConfigured(spec)];
}

/** `clusterIP` is the first of `clusterIPs`. */
function validateFirst({ clusterIP, clusterIPs = [] }: ServiceSpec): readonly FieldError[] {
  if (!clusterIP) {
    return clusterIPs.length === 0 ? [] : [invalid(ips, clusterIPs, 'must be empty when `clusterIP` is not specified')];
  }
  if (clusterIPs.length === 0) return [required(ips)];
  return clusterIPs[0] === clusterIP ? [] : [invalid(ips, clusterIPs, 'first value must match `clusterIP`')];
}

function validateFamilies(given: readonly string[]): readonly FieldError[] {
  const again = repetitions(given);
  return given.flatMap((family, index) => [
    ...(families.includes(family) ? [] : [notSupported(at('spec.ipFamilies', index), family, families)]),
    ...(again.has(index) ? [duplicate(at('spec.ipFamilies', index), family)] : []),
  ]);
}

const validateEach = (clusterIPs: readonly string[]): readonly FieldError[] =>
  clusterIPs.flatMap((address, index) => {
    if (address !== 'None' || index > 0) {
      return ipAddressProblems(address).map((problem) => invalid(at(ips, index), address, problem));
    }
    return clusterIPs.length > 1 ? [invalid(ips, clusterIPs, "'None' must be the first and only value")] : [];
  });

function validateTogether(spec: ServiceSpec): readonly FieldError[] {
  const { clusterIPs = [], ipFamilies = [] } = spec;
  const alike = clusterIPs.length > 1 && new Set(clusterIPs.map(isIPv6)).size === 1;
  return [
    ...(clusterIPs.length > 2 ? [invalid(ips, clusterIPs, 'may only hold up to 2 values')] : []),
    ...(alike ? [invalid(ips, clusterIPs, 'may specify no more than one IP for each IP family')] : []),
    ...(isHeadless(spec) ? [] : clusterIPs).flatMap((address, index) => {
      const family = ipFamilies[index];
      if (family === undefined || (family === 'IPv6') === isIPv6(address)) return [];
      return [invalid(at(ips, index), address, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``)];
    }),
  ];
}

/** There is IPv4 only; a headless Service without a selector may say what it likes, since it has no addresses here. */
function validateConfigured(spec: ServiceSpec): readonly FieldError[] {
  if (isHeadlessWithoutSelector(spec)) return [];
  const { clusterIPs = [], ipFamilies = [] } = spec;
  return [
    ...(spec.ipFamilyPolicy === 'RequireDualStack'
      ? [invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services')]
      : []),
    ...ipFamilies.flatMap((family, index) =>
      family === 'IPv6' ? [invalid(at('spec.ipFamilies', index), family, 'not configured on this cluster')] : [],
    ),
    // One is told of, as by a kube-apiserver, which asks for one after the other.
    ...(isHeadless(spec) ? [] : clusterIPs)
      .filter((address) => !isServiceIP(address) && !isIPv6(address))
      .slice(0, 1)
      .map((address) => {
        const detail = `failed to allocate IP ${address}: the provided IP (${address}) is not in the valid range. The range of valid IPs is ${serviceNetwork}`;
        return invalid(ips, clusterIPs, detail);
      }),
  ];
}

/** Addresses and families stay while the Service has some; they come and go with the type ExternalName. */
export function validateAddressesUpdate(spec: ServiceSpec, previous: ServiceSpec): readonly FieldError[] {
  if (spec.type === 'ExternalName' || previous.type === 'ExternalName') return [];
  if (isHeadless(spec) && isHeadless(previous)) return [];
  return [
    ...unchanged(ips, spec.clusterIPs ?? [], previous.clusterIPs ?? []),
    ...unchanged('spec.ipFamilies', spec.ipFamilies ?? [], previous.ipFamilies ?? []),
  ];
}

/** Values may be added after those that are there, or go from the end; the first one stays as it is. */
function unchanged(path: string, values: readonly string[], previous: readonly string[]): readonly FieldError[] {
  if (previous.length > 0 && values.length === 0) {
    const name = path === ips ? 'clusterIP' : 'ipFamily';
    return [invalid(at(path, 0), { goSyntax: '[]string(nil)' }, `primary ${name} can not be unset`)];
  }
  const kept = values.length === previous.length ? previous : previous.slice(0, 1);
  return kept.flatMap((value, index) =>
    value === values[index] ? [] : [invalid(at(path, index), values, 'may not change once set')],
  );
}

import { at, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { ipAddressProblems } from '../../ip-address.ts';
import { misfits, subdomainProblems } from '../../names.ts';
import type { HostAlias, PodDNSConfig } from '../dns.ts';

/** What the resolvers of Linux take at most. */
const maximumServers = 3;
const maximumSearches = 32;
const maximumSearchText = 2048;

/** Everything wrong with how a pod looks up names. */
export function validateDns(
  { dnsPolicy, dnsConfig }: { readonly dnsPolicy?: string | undefined; readonly dnsConfig?: PodDNSConfig | undefined },
  path: string,
): readonly FieldError[] {
  if (dnsPolicy === 'None' && dnsConfig === undefined) {
    return [required(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  }
  if (dnsPolicy === 'None' && !dnsConfig?.nameservers?.length) {
    const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    return [required(under(path, 'nameservers'), detail)];
  }
  return dnsConfig === undefined ? [] : validateConfig(dnsConfig, path);
}

function validateConfig(config: PodDNSConfig, path: string): readonly FieldError[] {
  const { nameservers = [], searches = [], options = [] } = config;
  const serversPath = under(path, 'nameservers');
  const searchesPath = under(path, 'searches');
  const characters = `must not have more than ${maximumSearchText} characters (including spaces) in the search list`;
  return [
    ...(nameservers.length > maximumServers
      ? [invalid(serversPath, nameservers, `must not have more than ${maximumServers} nameservers`)]
      : []),
    ...nameservers.flatMap((server, index) => checked(at(serversPath, index), server, ipAddressProblems)),
    ...(searches.length > maximumSearches
      ? [invalid(searchesPath, searches, `must not have more than ${maximumSearches} search paths`)]
      : []),
    ...(searches.join(' ').length > maximumSearchText ? [invalid(searchesPath, searches, characters)] : []),
    ...searches.flatMap((search, index) => validateSearch(search, at(searchesPath, index))),
    ...options.flatMap((option, index) =>
      option.name ? [] : [required(at(under(path, 'options'), index), 'must not be empty')],
    ),
  ];
}

const searchDomain = /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/;

const searchProblems = (domain: string): readonly string[] => [
  ...(domain.length > 253 ? ['must be no more than 253 characters'] : []),
  ...(misfits(searchDomain, domain)
    ? [
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
      ]
    : []),
];

/** A domain may end in a dot. */
const validateSearch = (search: string, path: string): readonly FieldError[] =>
  search === '.' ? [] : checked(path, search.replace(/\.$/, ''), searchProblems);

/** Everything wrong with the lines that a pod adds to its hosts file. */
export const validateHostAliases = (aliases: readonly HostAlias[], path: string): readonly FieldError[] =>
  aliases.flatMap((alias, index) => [
    ...checked(under(at(path, index), 'ip'), alias.ip, ipAddressProblems),
    ...(alias.hostnames ?? []).flatMap((hostname, hostIndex) =>
      checked(at(under(at(path, index), 'hostnames'), hostIndex), hostname, subdomainProblems),
    ),
  ]);

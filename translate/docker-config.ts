import { decodeBase64, encodeBase64 } from '../kubernetes/base64.ts';
import type { Secret } from '../kubernetes/kinds/core/secret.ts';

/** Credentials for what an entry of a docker config stands for. */
export interface RegistryEntry {
  /** As it is written: `https://index.docker.io/v1/`, `*.example.com`, `registry.example.com:5000/team`. */
  readonly location: string;
  readonly username: string;
  readonly password: string;
}

/** The types of Secrets that hold such a config, with the key where it is. */
const keys = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
} as const;

const isType = (type: string | undefined): type is keyof typeof keys => type !== undefined && Object.hasOwn(keys, type);

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The entries of a Secret for pulling images; none in a Secret of another type, which a kubelet passes over. What cannot
 * be read is answered as a problem, in words that tell nothing of the secret.
 */
export function registryEntries({ type, data }: Secret): readonly RegistryEntry[] | { readonly problem: string } {
  if (!isType(type)) return [];
  const text = data?.[keys[type]] ?? '';
  if (text === '') return [];
  const config = parse(decodeBase64(text));
  if (config === undefined) return { problem: 'is not a JSON object' };
  const auths = type === 'kubernetes.io/dockercfg' ? config : (config['auths'] ?? {});
  if (!isObject(auths)) return { problem: 'auths is not an object' };
  const entries: RegistryEntry[] = [];
  for (const [location, entry] of Object.entries(auths)) {
    const read = readEntry(entry ?? {});
    if (typeof read === 'string') return { problem: `${location}: ${read}` };
    // Without a name it is a token of another kind, which ECS has no place for.
    if (read.username !== '' || read.password !== '') entries.push({ location, ...read });
  }
  return entries;
}

function parse(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `auth` goes before `username` and `password` (credentialprovider.DockerConfigEntry.UnmarshalJSON). */
function readEntry(entry: unknown): Pick<RegistryEntry, 'username' | 'password'> | string {
  if (!isObject(entry)) return 'is not an object';
  const { username = '', password = '', auth = '' } = entry;
  if (typeof username !== 'string' || typeof password !== 'string' || typeof auth !== 'string') {
    return 'username, password and auth have to be text';
  }
  return auth === '' ? { username, password } : readAuth(auth);
}

function readAuth(auth: string): Pick<RegistryEntry, 'username' | 'password'> | string {
  const problem = 'auth is not base64 of <username>:<password>';
  try {
    const decoded = decodeBase64(auth.trim());
    const colon = decoded.indexOf(':');
    return colon < 0 ? problem : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
  } catch {
    return problem;
  }
}

/**
 * The part of a Secret's data that holds registries, with a text in place of all that is secret; nothing when it is of
 * another type. A config that cannot be read is answered as it is: nothing of it is ever used.
 */
export function withoutCredentials(secret: Secret, text: string): Readonly<Record<string, string>> {
  const { type, data = {} } = secret;
  if (!isType(type)) return {};
  const key = keys[type];
  const entries = registryEntries(secret);
  if ('problem' in entries) return { [key]: data[key] ?? '' };
  const auths = Object.fromEntries(entries.map(({ location }) => [location, { username: text, password: text }]));
  const config = type === 'kubernetes.io/dockercfg' ? auths : { auths };
  return { [key]: encodeBase64(JSON.stringify(config)) };
}

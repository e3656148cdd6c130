import { repositoryOf } from '../kubernetes/image-reference.ts';
import type { RegistryEntry } from './docker-config.ts';

/** Docker Hub's, as `docker login` writes it (credentialprovider/keyring.go). */
const dockerHub = 'docker.io';
const dockerHubIndex = 'index.docker.io';

/** Host (with port) and path, for a location of a docker config and for an image alike. */
interface Place {
  readonly host: string;
  /** Begins with a slash, or is empty. */
  readonly path: string;
}

const placeOf = (text: string): Place => {
  const slash = text.indexOf('/');
  return slash < 0 ? { host: text, path: '' } : { host: text.slice(0, slash), path: text.slice(slash) };
};

/** An image's registry and repository, in full: `nginx` is `docker.io/library/nginx`. */
export function repositoryName(image: string): string {
  const untagged = repositoryOf(image);
  const [first = '', ...rest] = untagged.split('/');
  if (rest.length === 0) return `${dockerHub}/library/${untagged}`;
  const hasHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  if (!hasHost) return `${dockerHub}/${untagged}`;
  if (first !== dockerHub && first !== dockerHubIndex) return untagged;
  return `${dockerHub}/${rest.length === 1 ? 'library/' : ''}${rest.join('/')}`;
}

/** What a kubelet makes of a location: no scheme, and no `/v1/` or `/v2/`, which stand for the host. */
function keyOf(location: string): string {
  const [address = ''] = location.replace(/^https?:\/\//, '').split(/[?#]/, 1);
  const { host, path } = placeOf(address);
  const effective = /^\/v[12]\//.test(path) ? path.slice(3) : path;
  return host.slice(host.lastIndexOf('@') + 1) + (effective === '/' ? '' : effective);
}

function splitHost(host: string): { readonly labels: readonly string[]; readonly port: string } {
  const [, name = host, port = ''] = /^(.*):(\d*)$/.exec(host) ?? [];
  return { labels: name.split('.'), port };
}

/**
 * Whether a label fits a text in which `*` stands for any part of it. Each piece between stars is taken where it is found
 * first: what is left for the others is then the most there can be, so that nothing is tried twice.
 */
function matchesLabel(glob: string, label: string): boolean {
  const [first = '', ...others] = glob.split('*');
  const last = others.pop();
  if (last === undefined) return label === glob;
  const end = label.length - last.length;
  if (!label.startsWith(first) || !label.endsWith(last)) return false;
  let position = first.length;
  for (const piece of others) {
    const found = label.indexOf(piece, position);
    if (found === -1) return false;
    position = found + piece.length;
  }
  return position <= end;
}

/** The same port, as many labels that match one by one, and a path that begins with the entry's (URLsMatch). */
function matches(key: string, repository: string): boolean {
  const [wanted, place] = [placeOf(key), placeOf(repository)];
  const [glob, host] = [splitHost(wanted.host), splitHost(place.host)];
  return (
    glob.port === host.port &&
    glob.labels.length === host.labels.length &&
    place.path.startsWith(wanted.path) &&
    glob.labels.every((label, index) => matchesLabel(label, host.labels[index] ?? ''))
  );
}

/**
 * The entry that is for an image, as a kubelet finds it: of those that match the one whose location is last in order, so
 * that longer paths go before shorter ones; those of one location in the order in which they come. A kubelet would try the
 * others after it; ECS takes one.
 */
export function entryFor<Entry extends Pick<RegistryEntry, 'location'>>(
  image: string,
  entries: readonly Entry[],
): Entry | undefined {
  const repository = repositoryName(image);
  const keyed = entries.map((entry) => ({ key: keyOf(entry.location), entry }));
  const found = keyed
    .filter(({ key }) => matches(key, repository))
    .toSorted((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1));
  const hub = repository.startsWith(`${dockerHub}/`) ? keyed.find(({ key }) => key === dockerHubIndex) : undefined;
  return (found[0] ?? hub)?.entry;
}
